namespace SandQueue.Contracts;

/// <summary>
/// The names of all queues. Addresses are composed of them by the transport alone. The version of the contracts is part
/// of every name, so that programs which would misread each other's messages never meet.
/// </summary>
public static class QueueNames
{
    /// <summary>The version of the messages and of the journal: raised by any change of either that an older program could not read.</summary>
    public const int ContractVersion = 5;

    /// <summary>Shared by the workers that serve an environment: <see cref="CreateInstance"/>.</summary>
    public static string Create(string environment) => $"sandqueue.{ContractVersion}.create.{environment}";

    /// <summary>
    /// Shared by the workers that serve an environment: <see cref="ListTasks"/>, and commands whose sender knows no
    /// living owner.
    /// </summary>
    public static string Entry(string environment) => $"sandqueue.{ContractVersion}.entry.{environment}";

    /// <summary>One worker's own queue; it vanishes with its worker.</summary>
    public static string Worker(string worker) => $"sandqueue.{ContractVersion}.worker.{worker}";

    /// <summary>One sender's queue of <see cref="CommandReplies"/>; it vanishes with its sender.</summary>
    public static string Replies(string sender) => $"sandqueue.{ContractVersion}.replies.{sender}";

    /// <summary>Shared by the workers that play rollouts: <see cref="PlayRollouts"/>.</summary>
    public static string Rollouts => $"sandqueue.{ContractVersion}.rollouts";
}
