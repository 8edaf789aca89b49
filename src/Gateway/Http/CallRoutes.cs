namespace SandQueue.Gateway.Http;

/// <summary>Maps calls: a <c>POST</c> with a JSON object. What is wrong with the request is answered here, for all of them.</summary>
internal static class CallRoutes
{
    public static void MapCall(this IEndpointRouteBuilder routes, string path, Func<HttpContext, RequestBody, Task> handle) =>
        routes.MapPost(path, async context =>
        {
            try
            {
                using var body = await RequestBody.ReadAsync(context);
                await handle(context, body);
            }
            catch (BadRequestException wrong)
            {
                await JsonAnswer.DetailAsync(context, wrong.Status, wrong.Message);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // Nobody is there to read an answer; the command itself goes on, and its answer is in the journal.
            }
        });
}
