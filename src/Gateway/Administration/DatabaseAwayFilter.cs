using SandQueue.Gateway.Http;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Administration;

/// <summary>Answers 503 where a route cannot reach the database, as the calls of every door do.</summary>
internal sealed class DatabaseAwayFilter(ILogger<DatabaseAwayFilter> log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) && !context.HttpContext.Response.HasStarted)
        {
            await DatabaseAway.AnswerAsync(context.HttpContext, log, exception, "try again later");
            return Results.Empty;
        }
    }
}
