namespace SandQueue.Storage.Instances;

/// <summary>Inserts the rows of many new instances by one commit.</summary>
internal interface IClaimCommit
{
    /// <summary>
    /// Inserts each row whose name no living instance of its tenant has, and whose Create has no end in the journal. One that is refused leaves
    /// the others alone.
    /// </summary>
    /// <param name="claims">No two of one name.</param>
    /// <returns>The key of each row that was inserted, and null for one that was refused, in their order.</returns>
    /// <exception cref="Exception">
    /// A row cannot be written, or the database failed. Then none was inserted, or, where the connection was lost, all may have been.
    /// </exception>
    Task<long?[]> CommitAsync(IReadOnlyList<InstanceClaim> claims);
}
