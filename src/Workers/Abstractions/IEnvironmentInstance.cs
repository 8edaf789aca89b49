namespace SandQueue.Workers.Abstractions;

/// <summary>
/// An instance inside of a container. Called by its owner only, one call at a time. Every call throws
/// <see cref="EnvironmentRejectedException"/> where the environment refuses the request, and
/// <see cref="EnvironmentFailedException"/> where the state is unknown afterwards.
/// </summary>
internal interface IEnvironmentInstance
{
    /// <summary>What is said where an environment does not know how it is won.</summary>
    const string NoSolution = "the environment knows no solution";

    /// <summary>What its create answered: <c>{"state","info"}</c>.</summary>
    ReadOnlyMemory<byte> Opening { get; }

    /// <summary>Takes a step: <c>{"state","reward","is_terminated","info"}</c>.</summary>
    Task<ReadOnlyMemory<byte>> StepAsync(ReadOnlyMemory<byte> action, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken);

    /// <summary>Scores: a number or an object.</summary>
    Task<ReadOnlyMemory<byte>> EvaluateAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken);

    /// <summary>Says what the agent can do: any JSON.</summary>
    Task<ReadOnlyMemory<byte>> DescribeAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken);

    /// <summary>Says which actions lead from here to the most that the task can give: <c>{"messages":[…],"maximum":1.0}</c>. Most servers know none.</summary>
    Task<ReadOnlyMemory<byte>> SolveAsync(CancellationToken cancellationToken) => throw new EnvironmentRejectedException(NoSolution);

    /// <summary>Frees it. Releasing what is gone already is no error.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);
}
