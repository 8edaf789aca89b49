namespace SandQueue.Environments.Bfcl.MultiTurn.Scoring;

/// <summary>Why an episode fails.</summary>
/// <param name="Type">The official program's word for it.</param>
/// <param name="Turn">The turn it failed in, first one 0; null where it is about the whole episode.</param>
/// <param name="Message">In words.</param>
internal sealed record Failure(string Type, int? Turn, string Message);
