namespace SandQueue.Client;

/// <summary>How a client waits and sends again.</summary>
public sealed record SandQueueClientOptions
{
    /// <summary>
    /// How long a command may take, with all that is sent again; nothing is sent again in its last tenth, or its last 2 s where that is less. Two minutes; a Create of a full
    /// environment waits so long for a slot. Above 0, and below 49 days.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long one attempt may take before the same command is sent again. 70 seconds: more than the gateway's own limit (<c>Gateway:CommandTimeout</c>, 55 seconds). Where that was
    /// raised for slow environments, raise this too.
    /// </summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(70);

    /// <summary>Over HTTP: what sends the requests, for proxies, certificates or tests. The client does not dispose it. Null for one of its own.</summary>
    public HttpMessageHandler? HttpHandler { get; init; }

    /// <summary>
    /// Told of an instance that may live on though nobody holds it: <see cref="EnvironmentInstance.DisposeAsync"/> could not release it, which throws nothing; or the Create was given up, and
    /// it may not be released by its name, or the client was disposed before. SandQueue releases it once it has been idle for a day. What this throws is dropped.
    /// </summary>
    public Action<SandQueueException>? ReleaseFailed { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Check()
    {
        Durations.Checked(Deadline);
        Durations.Checked(AttemptTimeout);
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }
}
