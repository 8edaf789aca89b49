namespace SandQueue.Routing;

/// <summary>What became of the attempts to send a command so far.</summary>
/// <param name="Attempts">How many there were.</param>
/// <param name="WasSent">Whether the last of them was sent, as far as this process can tell, and is still unanswered.</param>
internal readonly record struct AttemptHistory(int Attempts, bool WasSent);
