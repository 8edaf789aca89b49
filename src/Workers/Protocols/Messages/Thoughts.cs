namespace SandQueue.Workers.Protocols.Messages;

/// <summary>
/// Cuts what an agent thought from what it said. Everything up to the last <c>&lt;/think&gt;</c> is thought, whether
/// something opened it or not, since many chat templates open the thought before the model writes; BFCL's handler for
/// Qwen and that model's chat template cut there too. A thought that is open after that runs to the end.
/// </summary>
internal static class Thoughts
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    public static string Cut(string text)
    {
        // Chat templates put line ends between a thought and what is said.
        if (text.LastIndexOf(Close, StringComparison.Ordinal) is var close and >= 0) text = text[(close + Close.Length)..].TrimStart();
        return text.IndexOf(Open, StringComparison.Ordinal) is var open and >= 0 ? text[..open].TrimEnd() : text;
    }
}
