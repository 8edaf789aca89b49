using SandQueue.Contracts;

namespace SandQueue.Workers.Abstractions;

/// <summary>The environment or its container failed during a call: what the call did is unknown. The message is one line.</summary>
internal class EnvironmentFailedException(string detail, Exception? inner = null) : Exception(OneLine.Of(detail), inner);
