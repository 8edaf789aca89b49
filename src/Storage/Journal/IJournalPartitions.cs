namespace SandQueue.Storage.Journal;

/// <summary>The parts that a database stores the journal in, by the time at which episodes began. One process of the farm rotates them at a time.</summary>
internal interface IJournalPartitions
{
    /// <summary>How much longer than <paramref name="age"/> an episode may stay for the rest of its partition, before its rows are removed by themselves.</summary>
    TimeSpan Grace(TimeSpan age);

    /// <summary>Begins a new partition where the newest has been in use long enough, and removes those of which every instance ended longer ago than <paramref name="age"/>.</summary>
    Task<Rotation> RotateAsync(TimeSpan age, CancellationToken cancellationToken);
}
