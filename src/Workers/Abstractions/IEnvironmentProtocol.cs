namespace SandQueue.Workers.Abstractions;

/// <summary>
/// How an environment server is spoken to. Answers are JSON in UTF-8 of the environment-service shapes, whatever the
/// server itself speaks.
/// </summary>
internal interface IEnvironmentProtocol
{
    /// <summary>Returns when the server answers its health check.</summary>
    Task WaitUntilReadyAsync(IContainer container, CancellationToken cancellationToken);

    /// <summary>How long the longest call has been running in the server, whether or not its caller still waits; null where the server does not say.</summary>
    Task<TimeSpan?> FindLongestCallAsync(IContainer container, CancellationToken cancellationToken) => Task.FromResult<TimeSpan?>(null);

    /// <summary>What the server says of its environment <paramref name="environment"/>: a JSON object.</summary>
    /// <exception cref="ContainerException">It does not serve it, or does not say so in a way that can be read.</exception>
    Task<ReadOnlyMemory<byte>> DescribeAsync(IContainer container, string environment, CancellationToken cancellationToken);

    /// <summary>The task ids of a split: a JSON array.</summary>
    /// <exception cref="EnvironmentRejectedException">The split is unknown.</exception>
    Task<ReadOnlyMemory<byte>> ListTasksAsync(IContainer container, string environment, string split, CancellationToken cancellationToken);

    /// <summary>Makes an instance.</summary>
    /// <exception cref="EnvironmentRejectedException">The task is unknown, or a parameter is wrong.</exception>
    /// <exception cref="EnvironmentFailedException">The server failed.</exception>
    Task<IEnvironmentInstance> CreateAsync(IContainer container, NewInstance request, CancellationToken cancellationToken);
}

/// <summary>What a server needs to make an instance.</summary>
/// <param name="Environment">The <c>env_type</c>.</param>
/// <param name="TaskId">The task.</param>
/// <param name="InnerId">The instance's id inside of the container: unlike the caller's, never used twice.</param>
/// <param name="Params">The caller's <c>params</c>, a JSON object, or empty.</param>
internal sealed record NewInstance(string Environment, string TaskId, string InnerId, ReadOnlyMemory<byte> Params)
{
    /// <summary>
    /// Whether a recorded episode is run again in it. Its params were taken once, so their names are not checked again: rules or settings may have
    /// become stricter since.
    /// </summary>
    public bool IsReplay { get; init; }

    /// <summary>Whose instance it is.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>
    /// Reads what the Create answered when it was recorded, where a recorded episode is run again: for an environment whose answers depend on what there
    /// was then, and null where nothing is recorded.
    /// </summary>
    public Func<CancellationToken, Task<byte[]>>? RecordedOpening { get; init; }
}
