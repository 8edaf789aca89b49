using System.Diagnostics;

namespace SandQueue.Gateway.Http;

/// <summary>
/// Gives every answer that says what went wrong the id of its trace, in a header: log lines and spans of the same request have it too. A header, so that no
/// door's form of errors changes. Where errors travel in an answer of status 200, as JSON-RPC's do, every answer has it.
/// </summary>
internal static class TraceIds
{
    /// <summary>The header.</summary>
    public const string Header = "Trace-Id";

    private static readonly PathString[] ErrorsInside = ["/mcp", "/openenv"];

    public static void UseTraceIds(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(WriteAsync, context);
        return next(context);
    });

    private static Task WriteAsync(object state)
    {
        var context = (HttpContext)state;
        if (context.Response.StatusCode >= StatusCodes.Status400BadRequest || Array.Exists(ErrorsInside, path => context.Request.Path.StartsWithSegments(path)))
        {
            context.Response.Headers[Header] = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        }

        return Task.CompletedTask;
    }
}
