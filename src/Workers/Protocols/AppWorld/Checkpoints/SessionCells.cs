using System.Text.Json;

namespace SandQueue.Workers.Protocols.AppWorld.Checkpoints;

/// <summary>
/// The programs that put a Python session down and take one up. They import only what AppWorld's guard allows, and leave
/// no name behind.
/// </summary>
internal static class SessionCells
{
    /// <summary>Characters, about, of what a session may hold.</summary>
    private const int Most = 1_000_000;

    private static readonly string Program = Read();

    /// <summary>Prints what the names of a fresh session are bound to, as JSON that is for <see cref="Keep"/> only.</summary>
    public static string Begin() => Call("_sandqueue_begin()");

    /// <summary>Prints what a session holds, as one line of JSON; <c>{"refused":"why"}</c> where a value cannot be put down.</summary>
    /// <param name="begun">What <see cref="Begin"/> printed in the same session: what is still bound to the same is not put down.</param>
    public static string Keep(string begun) => Call($"_sandqueue_keep({Literal(begun)}, {Most})");

    /// <summary>Makes a fresh session hold what another held.</summary>
    public static string Restore(string session) => Call($"_sandqueue_restore({Literal(session)})");

    private static string Call(string call) => $"{Program}\n\ntry:\n    {call}\nfinally:\n    del _sandqueue_begin, _sandqueue_keep, _sandqueue_restore, _sandqueue_imported, _sandqueue_names\n";

    /// <summary>JSON of an ASCII text, which Python reads as its own literal.</summary>
    private static string Literal(string text) => JsonSerializer.Serialize(text);

    private static string Read()
    {
        using var stream = typeof(SessionCells).Assembly.GetManifestResourceStream("session.py")!;
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }
}
