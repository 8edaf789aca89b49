using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking.Literals;

/// <summary>Runs of blanks, as Python's <c>\s*</c> takes them.</summary>
internal static class Blanks
{
    /// <summary>The first place at or after another where none stands.</summary>
    public static int After(string text, int at)
    {
        while (at < text.Length && PyText.IsSpace(text[at])) at++;
        return at;
    }
}
