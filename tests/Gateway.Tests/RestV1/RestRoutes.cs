using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;

namespace SandQueue.Gateway.Tests.RestV1;

/// <summary>The routes that are mapped under <c>/v1</c>, with a name that nobody has in the place of each parameter.</summary>
internal static partial class RestRoutes
{
    public static IEnumerable<(string Method, string Path)> Of(RestServer server) => Patterns(server).Select(route => (route.Method, Parameter().Replace(route.Pattern, "ghost")));

    public static IEnumerable<(string Method, string Pattern)> Patterns(RestServer server) =>
        from route in server.Routes
        where route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, route.RoutePattern.RawText!);

    [GeneratedRegex(@"\{[a-z_]+\}")]
    private static partial Regex Parameter();
}
