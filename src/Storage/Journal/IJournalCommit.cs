namespace SandQueue.Storage.Journal;

/// <summary>Commits groups of rows, one group at a time, on a connection of its own that stays open.</summary>
internal interface IJournalCommit
{
    /// <summary>
    /// Inserts rows and moves their instances on, in one transaction. A row is inserted only if its instance lives and has the epoch and the
    /// next step that the row expects, and no recorded row has its command id or step; its instance is moved on only if it was inserted.
    /// </summary>
    /// <param name="group">At most one row of an instance, and at most one of a tenant's command id.</param>
    /// <returns>One verdict per row, in order: a row that is refused leaves the others alone.</returns>
    /// <exception cref="Exception">
    /// A row cannot be written, or the database failed. Then the whole group was rolled back, or, where the connection was lost, may have been committed.
    /// </exception>
    Task<JournalVerdict[]> CommitAsync(IReadOnlyList<JournalAppend> group);

    /// <summary>Inserts one row in the place of another of its command id, in one transaction: where it is not inserted, the other stays.</summary>
    /// <param name="append">The row.</param>
    /// <param name="replaced">The other's <see cref="Model.JournalEntry.Id"/>, which has no episode; it may be gone already.</param>
    /// <exception cref="Exception">As <see cref="CommitAsync"/>.</exception>
    Task<JournalVerdict> ReplaceAsync(JournalAppend append, long replaced);
}
