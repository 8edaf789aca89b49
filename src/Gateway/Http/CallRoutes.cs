namespace SandQueue.Gateway.Http;

/// <summary>Maps calls: a <c>POST</c> with a JSON object.</summary>
internal static class CallRoutes
{
    public static IEndpointConventionBuilder MapCall(this IEndpointRouteBuilder routes, string path, ICallEndpoint endpoint)
    {
        var errors = routes.ServiceProvider.GetRequiredService<RequestErrors>();
        var limit = routes.ServiceProvider.GetRequiredService<BodyLimit>();
        var time = routes.ServiceProvider.GetRequiredService<TimeProvider>();
        return routes.MapPost(path, request => errors.AnswerAsync(request, context => AnswerAsync(context, endpoint, limit, time)));
    }

    private static async Task AnswerAsync(HttpContext context, ICallEndpoint endpoint, BodyLimit limit, TimeProvider time)
    {
        using var body = await RequestBody.ReadAsync(context, limit, time);
        await endpoint.AnswerAsync(context, body);
    }
}
