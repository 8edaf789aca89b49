namespace SandQueue.Transport.Reception;

/// <summary>What a process sends to its own queue to see it come back. Nobody else sends or takes one.</summary>
internal sealed record Heartbeat;
