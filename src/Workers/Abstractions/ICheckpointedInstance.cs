namespace SandQueue.Workers.Abstractions;

/// <summary>
/// An instance whose state can be saved as a checkpoint, and restored into a fresh instance of the same task. Called like
/// its other calls, one at a time.
/// </summary>
internal interface ICheckpointedInstance : IEnvironmentInstance
{
    /// <summary>Saves its state; the instance goes on unchanged.</summary>
    /// <exception cref="EnvironmentFailedException">The state of the instance is unknown now.</exception>
    Task<SavedState> SaveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Restores a saved state into an instance that has taken no step yet, and compares what it then is with what was saved.
    /// </summary>
    /// <returns>Null where it is exactly the same, else what differs; the instance is of no use then.</returns>
    /// <exception cref="EnvironmentFailedException">It is of no use either, and why.</exception>
    /// <exception cref="ContainerException">The same, for reasons that are not the saved state's.</exception>
    Task<string?> LoadAsync(ReadOnlyMemory<byte> state, CancellationToken cancellationToken);
}

/// <summary>What a save gave.</summary>
/// <param name="State">Bytes that only the protocol reads; null where the instance holds something that cannot be saved whole.</param>
/// <param name="WhyNot">Where there is none: the reason, for people.</param>
/// <param name="ServerFailed">Whether the reason is the server, which somebody should look at, and not what the agent made.</param>
internal sealed record SavedState(byte[]? State, string? WhyNot = null, bool ServerFailed = false);
