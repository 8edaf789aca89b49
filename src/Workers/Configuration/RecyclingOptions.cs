namespace SandQueue.Workers.Configuration;

/// <summary>When a container has served long enough. Empty never recycles for that reason.</summary>
internal sealed class RecyclingOptions
{
    /// <summary>After so many instances.</summary>
    public int? AfterInstances { get; init; }

    /// <summary>After so long.</summary>
    public TimeSpan? AfterAge { get; init; }

    /// <summary>When its memory has grown above this.</summary>
    public int? AboveMemoryMb { get; init; }
}
