using SandQueue.Storage.Model;

namespace SandQueue.Storage.Connections;

/// <summary>Opens contexts of whichever database is configured, and knows how to ask for its time.</summary>
internal interface IContextSource
{
    /// <summary>
    /// SQL for the database's clock in Unix milliseconds at the moment it is evaluated. Leases are counted by it alone: the clocks of two
    /// workers differ. Queries have it as <see cref="DatabaseClock"/>.
    /// </summary>
    string Clock { get; }

    /// <summary>SQL at the end of a query that locks the rows it finds; nothing where the one writer needs no lock.</summary>
    string RowLock { get; }

    /// <summary>Opens a context to read.</summary>
    Task<SandQueueContext> OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Opens a context to write with. A database of one writer lets writers in one after the other: until it is disposed of, no other write
    /// begins, so nothing may wait for one meanwhile.
    /// </summary>
    Task<SandQueueContext> OpenForWritingAsync(CancellationToken cancellationToken);
}
