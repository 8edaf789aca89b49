using System.Text.RegularExpressions;

namespace SandQueue.Environments.Bfcl.Checking.Literals;

/// <summary>The benchmark's patterns on the engine whose time is linear in the text: the text is the agent's.</summary>
internal static class LinearRegex
{
    // Python's \s has the four separators of ASCII too.
    public static Regex Of(string pattern, RegexOptions options = RegexOptions.None) => new(
        pattern.Replace(@"\s", @"[\s\x1c-\x1f]", StringComparison.Ordinal),
        options | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
