namespace SandQueue.Contracts;

/// <summary>A message that asks for work.</summary>
public abstract record Command
{
    /// <summary>
    /// The idempotency key, unique per tenant: at most 200 characters. The same id sent again gets the first answer.
    /// </summary>
    public required string CommandId { get; init; }

    /// <summary>The id of the tenant that asks, or <see cref="Tenants.Local"/> where a gateway needs no API key.</summary>
    public required string Tenant { get; init; }

    /// <summary>
    /// Milliseconds that remained to the caller when the command was sent. Never a wall-clock time: clocks of two
    /// machines differ.
    /// </summary>
    public required int RemainingMs { get; init; }
}
