using Microsoft.AspNetCore.Http.Features;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.RestV1.Requests;

/// <summary>Names in the path of a request: ids of instances and commands may have any characters, slashes too.</summary>
internal static class PathText
{
    private const int Longest = 200;
    private const string EncodedSlash = "%2F";

    /// <exception cref="BadRequestException">It is longer than any name.</exception>
    public static string Of(HttpContext context, string name)
    {
        var value = (string)context.GetRouteValue(name)!;
        if (value.Contains(EncodedSlash, StringComparison.OrdinalIgnoreCase)) value = Decoded(context, value);
        return value.Length <= Longest ? value : throw new BadRequestException($"{name} must have at most {Longest} characters");
    }

    /// <summary>The web server leaves encoded slashes as they are, so that a name with %2F in it looks the same as one with a slash: what was sent tells.</summary>
    private static string Decoded(HttpContext context, string value)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.Split('?')[0];
        return path.Split('/').Select(Uri.UnescapeDataString).FirstOrDefault(segment => IsSame(segment, value)) ?? value;
    }

    private static bool IsSame(string segment, string value) =>
        segment.Replace("/", EncodedSlash, StringComparison.Ordinal).Equals(value.Replace("%2f", EncodedSlash, StringComparison.Ordinal), StringComparison.Ordinal);
}
