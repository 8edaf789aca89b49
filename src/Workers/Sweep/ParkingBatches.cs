using System.Collections.Concurrent;
using SandQueue.Storage.Instances;

namespace SandQueue.Workers.Sweep;

/// <summary>
/// Parks rows, those that wait at the same time by one statement: after a quiet night ten thousand instances are idle at once, and as
/// many statements would take every connection from the commands that run.
/// </summary>
internal sealed class ParkingBatches(InstanceDirectory instances) : IDisposable
{
    private const int BatchSize = 500;

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Completes when the row is parked, or belongs to another owner by now.</summary>
    /// <exception cref="System.Data.Common.DbException">The database could not be reached.</exception>
    public async Task ParkAsync(ParkedInstance parked)
    {
        var mine = new Waiting(parked);
        _waiting.Enqueue(mine);
        await _turn.WaitAsync();
        try
        {
            if (!mine.Done.Task.IsCompleted) await ParkNextAsync();
        }
        finally
        {
            _turn.Release();
        }

        await mine.Done.Task;
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The oldest that wait: whoever has its turn is among them, or was parked by those before it.</summary>
    private async Task ParkNextAsync()
    {
        var batch = new List<Waiting>();
        while (batch.Count < BatchSize && _waiting.TryDequeue(out var next)) batch.Add(next);
        try
        {
            await instances.ParkAsync([.. batch.Select(waiting => waiting.Parked)], CancellationToken.None);
            foreach (var waiting in batch) waiting.Done.SetResult();
        }
        catch (Exception exception)
        {
            foreach (var waiting in batch) waiting.Done.SetException(exception);
        }
    }

    private sealed class Waiting(ParkedInstance parked)
    {
        public ParkedInstance Parked => parked;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
