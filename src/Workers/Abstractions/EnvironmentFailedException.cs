namespace SandQueue.Workers.Abstractions;

/// <summary>The environment or its container failed during a call: what the call did is unknown.</summary>
internal class EnvironmentFailedException(string detail, Exception? inner = null) : Exception(detail, inner);
