namespace SandQueue.Workers.Hosting;

/// <summary>How a worker serves one environment.</summary>
public sealed class EnvironmentOptions
{
    /// <summary>False leaves the environment out.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The folder of its data; empty serves the sample that comes with the program. The environment variable
    /// <c>SANDQUEUE_&lt;NAME&gt;_DATA</c> goes before it.
    /// </summary>
    public string? Data { get; init; }

    /// <summary>Instances one container holds.</summary>
    public int InstancesPerContainer { get; init; } = 10_000;

    /// <summary>Containers this worker runs at most for the environment.</summary>
    public int MaxContainers { get; init; } = 1;

    /// <summary>How long a container may take until it answers its health check.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Environment variables of the container.</summary>
    public Dictionary<string, string> Variables { get; init; } = new(StringComparer.Ordinal);
}
