namespace SandQueue.Contracts;

/// <summary>
/// End the instance and free what it holds; its journal stays. The answer is <c>true</c>.
/// </summary>
public sealed record ReleaseInstance : IInstanceCommand
{
    /// <inheritdoc />
    public required string CommandId { get; init; }

    /// <inheritdoc />
    public required string Tenant { get; init; }

    /// <inheritdoc />
    public required int RemainingMs { get; init; }

    /// <inheritdoc />
    public required string InstanceId { get; init; }

    /// <inheritdoc />
    public int Forwards { get; init; }
}
