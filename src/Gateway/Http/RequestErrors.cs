using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Http;

/// <summary>Answers what is wrong with a request, and what goes wrong over it, for all endpoints alike.</summary>
internal sealed partial class RequestErrors(ClosingTime closing, ILogger<RequestErrors> log)
{
    private const string AnyKey = "Idempotency-Key or params._command_id";

    /// <summary>Runs an endpoint. Its request is aborted for it too when the program stops.</summary>
    public async Task AnswerAsync(HttpContext context, Func<HttpContext, Task> endpoint)
    {
        var aborted = context.RequestAborted;
        using var given = CancellationTokenSource.CreateLinkedTokenSource(aborted, closing.Over);
        context.RequestAborted = given.Token;
        try
        {
            await endpoint(context);
        }
        catch (BadRequestException exception)
        {
            await JsonAnswer.DetailAsync(context, exception.Status, exception.Message, exception.Code);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer; the command itself goes on, and its answer is in the journal.
        }
        catch (OperationCanceledException) when (closing.Over.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.RequestAborted = aborted;
            var key = context.Features.Get<ErrorForm>()?.Key ?? AnyKey;
            await JsonAnswer.DetailAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                $"SandQueue was stopped before the answer was there, and whether the command took effect is unknown; ask again with the same {key}",
                ErrorCodes.Stopping);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) && !context.Response.HasStarted)
        {
            await DatabaseAway.AnswerAsync(context, log, exception, "ask again with the same Idempotency-Key");
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            Failed(context.Request.Path, exception);
            await JsonAnswer.DetailAsync(context, StatusCodes.Status500InternalServerError, $"the gateway failed: {exception.Message}", ErrorCodes.InternalError);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Path} failed")]
    private partial void Failed(string path, Exception failure);
}
