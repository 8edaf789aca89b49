namespace SandQueue.Rollouts.Settings;

/// <summary>What endpoints of models may be called, and how much they may answer: <c>Rollouts:Endpoints</c>.</summary>
public sealed record EndpointOptions
{
    /// <summary>
    /// Networks whose addresses may be called although they are not public, as <c>10.1.0.0/16</c>; <c>loopback</c> and <c>private</c> stand for this machine and
    /// for the networks that are nobody's in public, without the addresses where clouds tell machines their secrets, which are <c>metadata</c>. Callers choose the address: without a rule they could reach whatever this process can.
    /// </summary>
    public IList<string> Allow { get; set; } = [];

    /// <summary>Bytes of one answer at most.</summary>
    public int MaxAnswerBytes { get; set; } = 32_000_000;

    /// <summary>How long a connection may take to be made.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an endpoint is heeded that asks to be called again later (<c>Retry-After</c>).</summary>
    public TimeSpan LongestRetryAfter { get; set; } = TimeSpan.FromMinutes(2);
}
