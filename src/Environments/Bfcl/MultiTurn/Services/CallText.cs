using System.Text;
using System.Text.Json;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services;

/// <summary>
/// A call as text. The official program writes an agent's call as Python source and reads that, which shows in some
/// answers (a parameter name that is no name, a number that is infinite), so ours take the same way.
/// </summary>
internal static class CallText
{
    private static readonly HashSet<string> Forbidden = new(StringComparer.Ordinal)
    {
        "kill", "exit", "quit", "remove", "unlink", "popen", "Popen", "run",
    };

    /// <summary>Writes the call of an agent.</summary>
    public static string Of(string name, JsonElement arguments)
    {
        var written = ((PyDict)PyJson.Read(arguments)).Select(argument => $"{argument.Key}={PyRepr.Of(argument.Value)}");
        return $"{name}({string.Join(',', written)})";
    }

    /// <summary>What the official program does to the text before it reads it.</summary>
    /// <exception cref="PyError">The function's name is one the official program refuses.</exception>
    public static string Checked(string text)
    {
        var name = text.IndexOf('(', StringComparison.Ordinal) is var open and >= 0 ? text[..open] : text;
        if (name.Split('.') is [_, var method, ..]) name = method;
        if (Forbidden.Contains(name)) throw new PyError("Exception", $"Function call {name} is not allowed.");
        return WithoutSpaceBeforeBrackets(text);
    }

    // It finds function names by a pattern, within string arguments too: "a word (so)" reaches the service as "a word(so)".
    private static string WithoutSpaceBeforeBrackets(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(' && i > 0 && PyText.IsSpace(text[i - 1])) Trim(kept);
            kept.Append(text[i]);
        }

        return kept.ToString();
    }

    private static void Trim(StringBuilder kept)
    {
        var end = kept.Length;
        while (end > 0 && PyText.IsSpace(kept[end - 1])) end--;
        var start = end;
        while (start > 0 && PyText.IsWord(kept[start - 1])) start--;
        if (start < end && (kept[start] == '_' || char.IsAsciiLetter(kept[start]))) kept.Length = end;
    }
}
