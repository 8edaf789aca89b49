namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>The caller's mistake. Its message is the whole answer: one line that says what was wrong and what to do.</summary>
public sealed class InvalidRequestException(string message) : Exception(message);
