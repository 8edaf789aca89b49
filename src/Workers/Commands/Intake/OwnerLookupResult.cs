using SandQueue.Contracts;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>Where a command's instance is.</summary>
internal abstract record OwnerLookupResult
{
    private OwnerLookupResult()
    {
    }

    /// <summary>The command went to another worker, which answers it.</summary>
    public static OwnerLookupResult Forwarded { get; } = new Elsewhere();

    /// <summary>This worker may own nothing now: its lease is not live.</summary>
    public static OwnerLookupResult NotExecuted { get; } = new WithoutLease();

    public static implicit operator OwnerLookupResult(CommandReply reply) => new Refused(reply);

    /// <summary>This worker owns it.</summary>
    public sealed record Here(InstanceOwner Owner) : OwnerLookupResult;

    /// <summary>No owner takes the command, and the reply says why; or it was executed before, and the reply is its end.</summary>
    public sealed record Refused(CommandReply Reply) : OwnerLookupResult;

    /// <inheritdoc cref="Forwarded"/>
    public sealed record Elsewhere : OwnerLookupResult;

    /// <inheritdoc cref="NotExecuted"/>
    public sealed record WithoutLease : OwnerLookupResult;
}
