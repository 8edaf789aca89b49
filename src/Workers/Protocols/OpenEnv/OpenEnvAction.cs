using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Workers.Protocols.OpenEnv;

/// <summary>Finds the action in an agent's text.</summary>
internal static class OpenEnvAction
{
    private const string Fence = "```";

    /// <summary>
    /// The JSON object that a text is, or that its last fenced block is, or that stands between its first brace and its
    /// last: models write all three. It is read as the arguments of a call are, under the same limits.
    /// </summary>
    /// <param name="text">What the agent said.</param>
    /// <param name="mistake">What is wrong with what looks like one, in a clause for the agent; null where nothing does.</param>
    public static JsonElement? Find(string text, out string? mistake)
    {
        mistake = null;
        foreach (var candidate in (string?[])[text, LastFenced(text), Braced(text)])
        {
            if (candidate?.Contains('{', StringComparison.Ordinal) != true) continue;
            var read = AgentCall.Read(new NativeToolCall("", "action", candidate));
            if (read.Mistake is null) return read.Arguments;
            mistake = read.Mistake;
        }

        return null;
    }

    private static string? LastFenced(string text)
    {
        var close = text.LastIndexOf(Fence, StringComparison.Ordinal);
        var open = close > 0 ? text.LastIndexOf(Fence, close - 1, StringComparison.Ordinal) : -1;
        var start = open < 0 ? -1 : text.IndexOf('\n', open);
        return start < 0 || start > close ? null : text[start..close];
    }

    private static string? Braced(string text)
    {
        var (open, close) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        return open >= 0 && close > open ? text[open..(close + 1)] : null;
    }
}
