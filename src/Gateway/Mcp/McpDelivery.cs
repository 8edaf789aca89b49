using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Calls;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.Mcp;

/// <summary>Looks at every request of this door before the SDK does: its body, and whose session it names.</summary>
internal sealed class McpDelivery(LiveSessions sessions, SessionLifetime lifetime, RequestErrors errors, BodyLimit limit, TimeProvider time)
{
    public Task AnswerAsync(HttpContext context, RequestDelegate sdk) => errors.AnswerAsync(context, request => PassAsync(request, sdk));

    private async Task PassAsync(HttpContext context, RequestDelegate sdk)
    {
        var id = context.Request.Headers[McpHeaders.Session].ToString() is { Length: > 0 } given ? given : null;
        var isFirst = id is null && McpHeaders.HasSessions(context.Request.Headers);
        if (sessions.Find(id) is { } session && session.Tenant != context.Tenant()) throw new BadRequestException(SessionId.Missing, StatusCodes.Status404NotFound);
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using var body = await ReadAsync(context, isFirst);
            MessageCheck.Require(body.Root, isFirst);

            // Here, where the SDK is awaited: what an awaited method leaves in the context does not come back from it.
            var message = CallArguments.Take(body.Root);
            context.Request.Body = new MemoryStream(message, writable: false);
            context.Request.ContentLength = message.Length;
        }
        else if (isFirst)
        {
            throw new BadRequestException($"the header {McpHeaders.Session} is missing: {context.Request.Method} is about a session");
        }

        if (HttpMethods.IsDelete(context.Request.Method) && id is not null && McpHeaders.AreOfASession(context.Request.Headers))
        {
            if (!SessionId.HasForm(id)) throw new BadRequestException(SessionId.Missing, StatusCodes.Status404NotFound);
            await lifetime.EndAsync(context.Tenant(), id, context.RequestAborted);
        }

        try
        {
            await sdk(context);
        }
        finally
        {
            CallArguments.Drop();
        }
    }

    private async Task<RequestBody> ReadAsync(HttpContext context, bool isFirst)
    {
        if (!context.Request.HasJsonContentType()) throw new BadRequestException("Content-Type must be application/json", StatusCodes.Status415UnsupportedMediaType);
        if (isFirst) sessions.RequireRoom(context.Tenant());
        return await RequestBody.ReadAsync(context, limit, time);
    }
}
