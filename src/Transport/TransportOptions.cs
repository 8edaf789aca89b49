namespace SandQueue.Transport;

/// <summary>Which queue the messages travel over.</summary>
public sealed record TransportOptions
{
    public TransportKind Kind { get; init; } = TransportKind.Memory;
}

/// <summary>The transports there are.</summary>
public enum TransportKind
{
    /// <summary>Inside one process: the embedded mode.</summary>
    Memory,
}
