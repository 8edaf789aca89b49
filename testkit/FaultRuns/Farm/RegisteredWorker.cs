namespace SandQueue.FaultRuns.Farm;

/// <summary>A worker's row.</summary>
internal sealed record RegisteredWorker(string Name, bool Serves, bool Lives);
