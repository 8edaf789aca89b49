using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Hosting;

/// <summary>What keeps a worker from starting, for the program that hosts it.</summary>
public static class WorkerStart
{
    /// <returns>Why, one line for the operator; null where it is nothing of the worker's.</returns>
    public static string? FailureOf(Exception exception) => exception is ContainerException ? exception.Message : null;
}
