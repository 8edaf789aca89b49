namespace SandQueue.Storage.Model;

/// <summary>The database's clock, within queries: no answer is compared with a time that was read before the statement.</summary>
internal static class DatabaseClock
{
    /// <summary>Unix milliseconds when the statement began.</summary>
    public static long Now() => throw new NotSupportedException("the database's clock can only be read within a query");
}
