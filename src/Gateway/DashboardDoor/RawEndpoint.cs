using SandQueue.Dashboard.Calls;

namespace SandQueue.Gateway.DashboardDoor;

/// <summary><c>GET /ui/raw/{path}</c>: what <c>GET /v1/{path}</c> answers, for a browser that has no key to send.</summary>
internal static class RawEndpoint
{
    public const string Path = $"{DashboardRequests.Root}/raw/{{**path}}";

    public static async Task AnswerAsync(HttpContext context, IGatewayCalls calls)
    {
        // As it was sent: names in it may have slashes of their own.
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget[$"{DashboardRequests.Root}/raw".Length..];
        var (query, tenant) = TenantOf(context.Request);
        var answer = await calls.SendAsync(context.User, new GatewayCall(HttpMethods.Get, $"/v1{target.Split('?')[0]}{query}", null, tenant), context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>The tenant that an admin looks at is the dashboard's own parameter.</summary>
    private static (QueryString Query, string? Tenant) TenantOf(HttpRequest request)
    {
        var rest = request.Query.Where(parameter => parameter.Key != RawLink.TenantParameter);
        return (QueryString.Create(rest), request.Query[RawLink.TenantParameter] is [{ Length: > 0 } tenant] ? tenant : null);
    }
}
