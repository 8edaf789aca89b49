using System.Text.RegularExpressions;

namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>The ids of sessions.</summary>
internal static partial class SessionId
{
    public const string Missing = "there is no such session; begin one with initialize";

    /// <summary>Whether the SDK makes ids of that form: 128 random bits.</summary>
    public static bool HasForm(string id) => Form().IsMatch(id);

    [GeneratedRegex(@"^[A-Za-z0-9_-]{22}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
