namespace SandQueue.Contracts;

/// <summary>Replies that were ready together, for one sender.</summary>
public sealed record CommandReplies
{
    /// <summary>The replies, in the order they became ready.</summary>
    public required IReadOnlyList<CommandReply> Replies { get; init; }
}
