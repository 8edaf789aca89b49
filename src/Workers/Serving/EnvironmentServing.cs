using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SandQueue.Storage.Fleet;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Serving;

/// <summary>Brings the environments up, says what is served, and takes commands for it. What cannot start keeps no other from it.</summary>
internal sealed partial class EnvironmentServing(
    EnvironmentPools pools, WorkerCapacity capacity, WorkerEndpoints endpoints, WorkerDirectory workers, WorkerIdentity identity, TimeProvider time, ILogger<EnvironmentServing> log)
{
    /// <summary>The exponential backoff of environments that could not start with the worker: 5, 10, 20, … up to five minutes.</summary>
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> _served = new(StringComparer.Ordinal);
    private List<ContainerPool> _unserved = [];

    /// <summary>Whether each environment was started once, or could not be.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>What is served, as its servers describe it: a JSON array.</summary>
    public string Catalogue { get; private set; } = "[]";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var descriptions = await Task.WhenAll(pools.All.Select(pool => DescribeAsync(pool, cancellationToken)));
        var described = pools.All.Zip(descriptions).ToList();
        await ServeAsync([.. described.Where(pool => pool.Second is not null).Select(pool => (pool.First, pool.Second!.Value))], cancellationToken);
        _unserved = [.. described.Where(pool => pool.Second is null).Select(pool => pool.First)];
        HasStarted = true;
    }

    /// <summary>Retries to start the environments that could not start: the image may come, the engine be back.</summary>
    public async Task RetryAsync(CancellationToken cancellationToken)
    {
        for (var backoff = FirstBackoff; _unserved.Count > 0; backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff)
        {
            Retrying(string.Join(", ", _unserved.Select(pool => pool.Environment)), backoff.TotalSeconds);
            await Task.Delay(backoff, time, cancellationToken);
            foreach (var pool in _unserved.ToList())
            {
                if (await TryServeAsync(pool, cancellationToken)) _unserved.Remove(pool);
            }
        }
    }

    private async Task<bool> TryServeAsync(ContainerPool pool, CancellationToken cancellationToken)
    {
        try
        {
            if (await DescribeAsync(pool, cancellationToken) is not { } description) return false;
            await ServeAsync([(pool, description)], cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The broker or the database is away as well; no reason to stop trying.
            NotServed(pool.Environment, exception.GetBaseException().Message);
            return false;
        }
    }

    private async Task ServeAsync(IReadOnlyList<(ContainerPool Pool, ReadOnlyMemory<byte> Description)> environments, CancellationToken cancellationToken)
    {
        foreach (var (pool, description) in environments) _served[pool.Environment] = description;

        // Before the name is read: a worker that comes back under another name at this moment registers with it.
        Catalogue = Listed();
        await workers.DescribeAsync(identity.Name, Catalogue, capacity.Measure(), cancellationToken);
        foreach (var (pool, _) in environments) await endpoints.ShareAsync(pool.Environment, cancellationToken);
        Serves(identity.Name, string.Join(", ", _served.Keys));
    }

    private async Task<ReadOnlyMemory<byte>?> DescribeAsync(ContainerPool pool, CancellationToken cancellationToken)
    {
        try
        {
            return await pool.DescribeAsync(cancellationToken);
        }
        catch (ContainerException exception)
        {
            NotServed(pool.Environment, exception.Message);
            return null;
        }
    }

    private string Listed()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var description in _served.Values) writer.WriteRawValue(description.Span);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    [LoggerMessage(LogLevel.Information, "worker {Worker} serves {Environments}")]
    private partial void Serves(string worker, string environments);

    [LoggerMessage(LogLevel.Error, "environment '{Environment}' is not served: {Reason}")]
    private partial void NotServed(string environment, string reason);

    [LoggerMessage(LogLevel.Information, "retrying to start environment {Environments} in {Seconds:0} s")]
    private partial void Retrying(string environments, double seconds);
}
