using System.Collections.Concurrent;
using SandQueue.Bench.Compare.Loops;

namespace SandQueue.Bench.Compare.Players;

/// <summary>Makes the players of a measurement, some at a time, and ends all of them with it.</summary>
internal sealed class Opening : IAsyncDisposable
{
    private const int AtOnce = 16;

    private readonly ConcurrentBag<IPlayer> _players = [];

    public IReadOnlyList<IPlayer> Players => [.. _players];

    /// <exception cref="InvalidDataException">One could not begin.</exception>
    /// <exception cref="TimeoutException">One hangs.</exception>
    public Task AddAsync(int count, Func<int, Task<IPlayer>> open, CancellationToken cancellationToken) => Parallel
        .ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (number, _) => _players.Add(await open(number)))
        .WaitAsync(ClosedLoop.Hang, CancellationToken.None);

    public async ValueTask DisposeAsync() => await Parallel
        .ForEachAsync(_players, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (player, _) => player.DisposeAsync())
        .WaitAsync(ClosedLoop.Hang);
}
