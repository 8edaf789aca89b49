namespace SandQueue.Client;

/// <summary>How a client waits and sends again.</summary>
public sealed record SandQueueClientOptions
{
    /// <summary>How long a command may take, with all that is sent again. Two minutes; a Create of a full environment waits so long for a slot.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long one attempt may take before the same command is sent again. 70 seconds: more than the gateway's own limit (<c>Gateway:CommandTimeout</c>, 55 seconds). Where that was
    /// raised for slow environments, raise this too.
    /// </summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(70);

    /// <summary>Over HTTP: what sends the requests, for proxies, certificates or tests. The client does not dispose it. Null for one of its own.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }

    /// <summary>
    /// Told of an instance that <see cref="EnvironmentInstance.DisposeAsync"/> could not release, which throws nothing. SandQueue releases it once it has been idle for a day.
    /// </summary>
    public Action<SandQueueException>? ReleaseFailed { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Deadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AttemptTimeout, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }
}
