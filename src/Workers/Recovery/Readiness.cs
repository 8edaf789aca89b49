using SandQueue.Contracts;

namespace SandQueue.Workers.Recovery;

/// <summary>Whether an instance is in its container, ready for a call.</summary>
/// <param name="IsReady">It is.</param>
/// <param name="Reply">Where it is not: the reply that says why, or null where the command has to find another owner.</param>
internal readonly record struct Readiness(bool IsReady, CommandReply? Reply)
{
    public static Readiness Ready => new(true, null);

    /// <summary>Another worker owns the instance, or it has ended.</summary>
    public static Readiness Elsewhere => new(false, null);

    public static Readiness Not(CommandReply reply) => new(false, reply);
}
