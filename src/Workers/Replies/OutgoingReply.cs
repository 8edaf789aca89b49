using SandQueue.Contracts;

namespace SandQueue.Workers.Replies;

/// <summary>A reply on its way to its sender.</summary>
/// <param name="Reply">The reply.</param>
/// <param name="Since">When it was ready, as a timestamp of the outbox's clock.</param>
/// <param name="Attempts">How often it could not be sent.</param>
/// <param name="GoneSince">Since when its queue is gone, as far as the attempts before this one saw without a pause; null where it was not.</param>
/// <param name="SenderIsGone">Called where the queue stays away for longer than a living sender's does; may be null.</param>
internal sealed record OutgoingReply(CommandReply Reply, long Since, int Attempts, long? GoneSince, Action? SenderIsGone);
