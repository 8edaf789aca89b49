namespace SandQueue.Transport.Health;

/// <summary>What a process sends to its own queue to see it come back. Nobody else sends or receives one.</summary>
internal sealed record ProbeMessage;
