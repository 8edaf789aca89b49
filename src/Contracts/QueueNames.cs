namespace SandQueue.Contracts;

/// <summary>The names of all queues. Addresses are composed of them by the transport alone.</summary>
public static class QueueNames
{
    /// <summary>Shared by the workers that serve an environment: <see cref="CreateInstance"/>.</summary>
    public static string Create(string environment) => $"sandqueue.create.{environment}";

    /// <summary>
    /// Shared by the workers that serve an environment: <see cref="ListTasks"/>, and commands whose sender knows no
    /// living owner.
    /// </summary>
    public static string Entry(string environment) => $"sandqueue.entry.{environment}";

    /// <summary>One worker's own queue; it vanishes with its worker.</summary>
    public static string Worker(string worker) => $"sandqueue.worker.{worker}";

    /// <summary>One sender's queue of <see cref="CommandReplies"/>; it vanishes with its sender.</summary>
    public static string Replies(string sender) => $"sandqueue.replies.{sender}";
}
