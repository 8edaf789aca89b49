namespace SandQueue.Transport.Fakes;

/// <summary>A message that the code under test sent.</summary>
/// <param name="Destination">Its queue's name; of a reply, the path of the reply address.</param>
/// <param name="Message">A message of the contracts.</param>
/// <param name="ReplyTo">The sender's reply endpoint; null where nothing comes back.</param>
public sealed record SentMessage(string Destination, object Message, Uri? ReplyTo);
