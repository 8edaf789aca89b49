using System.Text.Json;

namespace SandQueue.Workers.Protocols.AppWorld.Checkpoints;

/// <summary>
/// The programs that put a Python session down and take one up. They use the modules that AppWorld's guard allows, and
/// leave no name behind.
/// </summary>
internal static class SessionCells
{
    private static readonly string KeepProgram = Read("keep.py");
    private static readonly string RestoreProgram = Read("restore.py");

    /// <summary>Prints what the names hold, as one line of JSON; <c>{"refused":"why"}</c> where a value cannot be put down.</summary>
    public static string Keep(IEnumerable<string> names) => KeepProgram.Replace("json_names", Literal(names), StringComparison.Ordinal);

    /// <summary>Binds the names to what a session held, and those it did not have to nothing.</summary>
    public static string Restore(AppWorldState state) => RestoreProgram
        .Replace("json_names", Literal(state.Names), StringComparison.Ordinal)
        .Replace("json_state", Literal(state.Session), StringComparison.Ordinal);

    /// <summary>JSON of ASCII texts, which Python reads as its own literals.</summary>
    private static string Literal<T>(T value) => JsonSerializer.Serialize(value);

    private static string Read(string name)
    {
        using var stream = typeof(SessionCells).Assembly.GetManifestResourceStream(name)!;
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }
}
