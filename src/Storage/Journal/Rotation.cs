namespace SandQueue.Storage.Journal;

/// <summary>What a rotation of the journal's partitions removed.</summary>
/// <param name="Episodes">How many episodes.</param>
/// <param name="HasDropped">Whether a partition went, and with it what named openings.</param>
internal readonly record struct Rotation(int Episodes, bool HasDropped);
