using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Http;

/// <summary>Maps calls: a <c>POST</c> with a JSON object. What is wrong with the request is answered here, for all of them.</summary>
internal static partial class CallRoutes
{
    public static IEndpointConventionBuilder MapCall(this IEndpointRouteBuilder routes, string path, ICallEndpoint endpoint)
    {
        var closing = routes.ServiceProvider.GetRequiredService<ClosingTime>();
        var log = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(CallRoutes).FullName!);
        var limit = routes.ServiceProvider.GetRequiredService<BodyLimit>();
        var time = routes.ServiceProvider.GetRequiredService<TimeProvider>();
        return routes.MapPost(path, context => AnswerAsync(context, endpoint, limit, time, log, closing.Over));
    }

    private static async Task AnswerAsync(HttpContext context, ICallEndpoint endpoint, BodyLimit limit, TimeProvider time, ILogger log, CancellationToken closing)
    {
        var aborted = context.RequestAborted;
        using var given = CancellationTokenSource.CreateLinkedTokenSource(aborted, closing);
        context.RequestAborted = given.Token;
        try
        {
            using var body = await RequestBody.ReadAsync(context, limit, time);
            await endpoint.AnswerAsync(context, body);
        }
        catch (BadRequestException exception)
        {
            await JsonAnswer.DetailAsync(context, exception.Status, exception.Message);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer; the command itself goes on, and its answer is in the journal.
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.RequestAborted = aborted;
            await JsonAnswer.DetailAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                "SandQueue was stopped before the answer was there, and whether the command took effect is unknown; ask again with the same Idempotency-Key or params._command_id");
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) && !context.Response.HasStarted)
        {
            await DatabaseAway.AnswerAsync(context, log, exception, "ask again with the same Idempotency-Key");
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            log.CallFailed(context.Request.Path, exception);
            await JsonAnswer.DetailAsync(context, StatusCodes.Status500InternalServerError, $"the gateway failed: {exception.Message}");
        }
    }

    [LoggerMessage(LogLevel.Error, "{Path} failed")]
    private static partial void CallFailed(this ILogger log, string path, Exception failure);
}
