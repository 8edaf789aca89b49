namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>
/// Cuts what an agent thought from what it said. Everything up to the last <c>&lt;/think&gt;</c> is thought, whether
/// something opened it or not, since many chat templates open the thought before the model writes; BFCL's handler for
/// Qwen and that model's chat template cut there too. A thought that is open after that runs to the end.
/// </summary>
internal static class Thoughts
{
    public const string Open = "<think>";

    private const string Close = "</think>";

    /// <summary>The text after the last thought that was closed. One that is open may still follow.</summary>
    public static string CutClosed(string text) =>
        text.LastIndexOf(Close, StringComparison.Ordinal) is var close and >= 0 ? text[(close + Close.Length)..] : text;

    /// <summary>The text before a thought that is open.</summary>
    public static string CutOpen(string text) => text.IndexOf(Open, StringComparison.Ordinal) is var open and >= 0 ? text[..open] : text;
}
