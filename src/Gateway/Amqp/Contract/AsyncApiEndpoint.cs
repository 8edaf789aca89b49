using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Amqp.Contract;

/// <summary>
/// <c>GET /asyncapi.json</c>: the contract of the door for AMQP, an AsyncAPI document that <c>docs/asyncapi.json</c> repeats. It says nothing of
/// this farm, and needs no key.
/// </summary>
internal static class AsyncApiEndpoint
{
    private const string Resource = "asyncapi.json";

    private static readonly byte[] Document = Read();

    public static void MapAsyncApi(this IEndpointRouteBuilder routes) => routes.MapGet($"/{Resource}", HandleAsync).AllowAnonymous();

    /// <summary>Writes the document as the bytes it is.</summary>
    public static Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = JsonAnswer.ContentType;
        context.Response.ContentLength = Document.Length;
        return context.Response.Body.WriteAsync(Document, context.RequestAborted).AsTask();
    }

    private static byte[] Read()
    {
        using var resource = typeof(AsyncApiEndpoint).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
