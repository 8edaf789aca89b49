using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>A message that asks for work.</summary>
public abstract record Command
{
    /// <summary>
    /// The idempotency key, unique per tenant: at most 200 characters. The same id sent again gets the first answer.
    /// </summary>
    [MemoryPackOrder(0)]
    public required string CommandId { get; init; }

    /// <summary>The id of the tenant that asks, or <see cref="Tenants.Local"/> where a gateway needs no API key.</summary>
    [MemoryPackOrder(1)]
    public required string Tenant { get; init; }

    /// <summary>
    /// Milliseconds that remained to the caller when the command was sent. Never a wall-clock time: clocks of two
    /// machines differ.
    /// </summary>
    [MemoryPackOrder(2)]
    public required int RemainingMs { get; init; }

    /// <summary>The span of its sender, as W3C's <c>traceparent</c>; null where the command is not traced. It says nothing about what the command does.</summary>
    [MemoryPackOrder(3)]
    public string? TraceParent { get; init; }

    /// <summary>W3C's <c>tracestate</c> beside it; null where there is none.</summary>
    [MemoryPackOrder(4)]
    public string? TraceState { get; init; }
}
