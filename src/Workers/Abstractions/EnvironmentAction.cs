namespace SandQueue.Workers.Abstractions;

/// <summary>One call to an instance in its container.</summary>
/// <param name="environment">The instance.</param>
/// <param name="cancellationToken">Gives the call up; what it did is unknown then.</param>
internal delegate Task<ReadOnlyMemory<byte>> EnvironmentAction(IEnvironmentInstance environment, CancellationToken cancellationToken);
