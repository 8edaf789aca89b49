namespace SandQueue.Bench.Journal;

/// <summary>Which journal is measured, and for how long.</summary>
/// <param name="Postgres">Connection string of an empty PostgreSQL database; none measures SQLite, in a file of its own.</param>
/// <param name="Seconds">Of each measurement.</param>
internal sealed record JournalOptions(string Postgres, int Seconds)
{
    public static JournalOptions Parse(IReadOnlyList<string> args)
    {
        var given = new GivenOptions(args);
        return new JournalOptions(given.Text("--postgres", ""), given.Number("--seconds", 5));
    }
}
