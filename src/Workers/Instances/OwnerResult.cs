using SandQueue.Contracts;

namespace SandQueue.Workers.Instances;

/// <summary>What became of a command at the owner of its instance.</summary>
internal abstract record OwnerResult
{
    private OwnerResult()
    {
    }

    /// <summary>The owner gave the instance up: the command was not executed, and has to find its owner again.</summary>
    public static OwnerResult OwnerGone { get; } = new NoOwner();

    public static implicit operator OwnerResult(CommandReply reply) => new Replied(reply);

    /// <summary>The command has an end; the reply says which.</summary>
    public sealed record Replied(CommandReply Reply) : OwnerResult;

    /// <inheritdoc cref="OwnerGone"/>
    public sealed record NoOwner : OwnerResult;
}
