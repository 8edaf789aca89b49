namespace SandQueue.Rollouts.Episodes;

/// <summary>This machine has no room for the copy that an import checks. Its message is one line for people.</summary>
/// <param name="message">What failed.</param>
/// <param name="innerException">How.</param>
public sealed class ImportRoomException(string message, Exception innerException) : Exception(message, innerException);
