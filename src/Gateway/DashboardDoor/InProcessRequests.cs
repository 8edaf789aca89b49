using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1;

namespace SandQueue.Gateway.DashboardDoor;

/// <summary>
/// Runs requests to the gateway's own routes without a connection: the same routing, policies, checks and errors as for a program that calls over HTTP. So the dashboard can do what REST
/// does, for the same callers, and nothing else.
/// </summary>
internal sealed class InProcessRequests(IServiceProvider services)
{
    private RequestDelegate? _pipeline;

    /// <summary>Takes over what was mapped.</summary>
    public void Use(IEndpointRouteBuilder routes)
    {
        var app = new ApplicationBuilder(services);
        app.UseDetailsForStrayRequests();
        app.UseProblemsUnderV1();
        app.UseRouting();
        app.UseAuthorization();
        app.UseEndpoints(own =>
        {
            foreach (var source in routes.DataSources) own.DataSources.Add(source);
        });
        _pipeline = app.Build();
    }

    /// <param name="caller">On whose behalf.</param>
    /// <param name="method">The method.</param>
    /// <param name="target">Path and query, percent-encoded.</param>
    /// <param name="body">A JSON object; null for none.</param>
    /// <param name="cancellationToken">Stands for the connection.</param>
    public async Task<(int Status, byte[] Body)> SendAsync(ClaimsPrincipal caller, string method, string target, byte[]? body, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        using var answer = new MemoryStream();
        var features = Features(method, target, body ?? []);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        var context = new DefaultHttpContext(features) { RequestServices = scope.ServiceProvider, User = caller, RequestAborted = cancellationToken };
        await _pipeline!(context);
        await context.Response.CompleteAsync();
        return (context.Response.StatusCode, answer.ToArray());
    }

    private static FeatureCollection Features(string method, string target, byte[] body)
    {
        var split = target.IndexOf('?', StringComparison.Ordinal);
        var path = split < 0 ? target : target[..split];
        var request = new HttpRequestFeature
        {
            Method = method,
            Scheme = Uri.UriSchemeHttp,
            Protocol = HttpProtocol.Http11,
            RawTarget = target,
            // As the web server does it: all but the slash.
            Path = string.Join('/', path.Split('/').Select(segment => Uri.UnescapeDataString(segment).Replace("/", "%2F", StringComparison.Ordinal))),
            QueryString = split < 0 ? "" : target[split..],
            Body = new MemoryStream(body),
        };
        request.Headers.ContentLength = body.Length;
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpRequestBodyDetectionFeature>(new BodyDetection(body.Length > 0));
        return features;
    }

    private sealed record BodyDetection(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}
