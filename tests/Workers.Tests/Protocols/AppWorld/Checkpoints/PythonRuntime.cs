using System.Collections.Concurrent;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

/// <summary>Starts servers that run real Python as containers.</summary>
internal sealed class PythonRuntime : IRuntime
{
    /// <summary>All it ever started, in order.</summary>
    public ConcurrentQueue<PythonContainer> Started { get; } = new();

    /// <summary>What is wrong with those it starts from now on.</summary>
    public string[] Flaws { get; set; } = [];

    /// <summary>What those run that it starts from now on.</summary>
    public string Digest { get; set; } = "sha256:world";

    public Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancellationToken)
    {
        var container = PythonContainer.Start(Digest, Flaws);
        Started.Enqueue(container);
        return Task.FromResult<IContainer>(container);
    }
}
