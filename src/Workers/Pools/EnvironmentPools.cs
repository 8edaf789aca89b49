using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>The pools of all environments this worker serves.</summary>
internal sealed class EnvironmentPools(
    IOptions<WorkerOptions> options, IRuntime runtime, IEnvironmentProtocols protocols, TimeProvider time, ILogger<ContainerPool> log) : IAsyncDisposable
{
    private readonly Dictionary<string, ContainerPool> _pools = options.Value.Environments
        .Where(environment => environment.Value.Enabled)
        .ToDictionary(
            environment => environment.Key,
            environment => new ContainerPool(environment.Key, environment.Value, runtime, protocols.Create(environment.Key, environment.Value), time, log),
            StringComparer.Ordinal);

    public IReadOnlyCollection<ContainerPool> All => _pools.Values;

    public bool TryGet(string environment, [MaybeNullWhen(false)] out ContainerPool pool) => _pools.TryGetValue(environment, out pool);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_pools.Values.Select(pool => pool.DisposeAsync().AsTask()));
    }
}
