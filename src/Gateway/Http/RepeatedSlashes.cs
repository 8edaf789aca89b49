using System.Text.RegularExpressions;

namespace SandQueue.Gateway.Http;

/// <summary>A client whose base address ends in a slash asks for <c>//step</c>. Repeated slashes are one.</summary>
internal static partial class RepeatedSlashes
{
    public static void UseSingleSlashes(this IApplicationBuilder app) => app.Use(next => context =>
    {
        var path = context.Request.Path.Value;
        if (path is not null && path.Contains("//", StringComparison.Ordinal)) context.Request.Path = Slashes().Replace(path, "/");
        return next(context);
    });

    [GeneratedRegex("/{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Slashes();
}
