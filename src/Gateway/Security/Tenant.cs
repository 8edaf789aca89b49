using System.Text.RegularExpressions;

namespace SandQueue.Gateway.Security;

/// <summary>Whom instances and keys belong to. A tenant has its keys for a while, and its id for good.</summary>
/// <param name="Id">What is stored with everything it owns.</param>
/// <param name="Name">What people call it.</param>
internal sealed partial record Tenant(string Id, string Name)
{
    /// <summary>Whether people may call a tenant so.</summary>
    public static bool IsName(string name) => Names().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
