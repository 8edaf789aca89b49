using SandQueue.Contracts;

namespace SandQueue.Workers.Replies;

/// <summary>A reply on its way to its sender.</summary>
/// <param name="Reply">The reply.</param>
/// <param name="Since">When it was ready, as a timestamp of the outbox's clock.</param>
/// <param name="Attempts">How often it could not be sent.</param>
internal sealed record OutgoingReply(CommandReply Reply, long Since, int Attempts);
