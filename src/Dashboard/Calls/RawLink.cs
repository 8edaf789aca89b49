namespace SandQueue.Dashboard.Calls;

/// <summary>Addresses under which a browser gets the JSON of a route.</summary>
public static class RawLink
{
    /// <summary>The parameter that names the tenant that an admin looks at.</summary>
    public const string TenantParameter = "tenant";

    /// <param name="target">A route under <c>/v1</c>, with its query.</param>
    /// <param name="tenant">The tenant that an admin looks at, or null.</param>
    public static string Of(string target, string? tenant)
    {
        ArgumentNullException.ThrowIfNull(target);
        var raw = $"/ui/raw/{target["/v1/".Length..]}";
        return tenant is null ? raw : $"{raw}{(raw.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{TenantParameter}={Uri.EscapeDataString(tenant)}";
    }
}
