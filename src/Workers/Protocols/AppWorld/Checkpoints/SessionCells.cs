using System.Text.Json;

namespace SandQueue.Workers.Protocols.AppWorld.Checkpoints;

/// <summary>
/// The programs that save and restore a Python session. They import only what AppWorld's guard allows, and leave
/// no name behind. Each prints one line of JSON, <c>{"refused":"why"}</c> where it failed.
/// </summary>
internal static class SessionCells
{
    /// <summary>Characters, about, of what a session may hold.</summary>
    private const int Most = 1_000_000;

    private static readonly string Program = Read();

    /// <summary>Notes in the process what the names of a fresh session are bound to: what still is so later is not saved.</summary>
    public static string Begin { get; } = Call("begin", "");

    /// <summary>Prints what the session holds.</summary>
    public static string Keep { get; } = Call("keep", "");

    /// <summary>Makes a fresh session hold what another held.</summary>
    public static string Restore(string session) => Call("restore", session);

    /// <summary>JSON of an ASCII text, which Python reads as its own literal.</summary>
    private static string Call(string act, string text) =>
        $"{Program}\n\ntry:\n    _sandqueue(\"{act}\", {JsonSerializer.Serialize(text)}, {Most})\nfinally:\n    del _sandqueue\n";

    private static string Read()
    {
        using var stream = typeof(SessionCells).Assembly.GetManifestResourceStream("session.py")!;
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }
}
