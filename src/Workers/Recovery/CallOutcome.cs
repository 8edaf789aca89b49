using SandQueue.Contracts;

namespace SandQueue.Workers.Recovery;

/// <summary>What became of a call to the environment. Exactly one of the first three is set, or none where the command has to find another owner.</summary>
/// <param name="Answer">The environment's answer.</param>
/// <param name="Reply">The command's end, where there is no answer.</param>
/// <param name="Fault">What happened both times to an action that the environment does not survive.</param>
/// <param name="EnvironmentMs">How long the call that counts took.</param>
internal sealed record CallOutcome(ReadOnlyMemory<byte>? Answer = null, CommandReply? Reply = null, string? Fault = null, double EnvironmentMs = 0);
