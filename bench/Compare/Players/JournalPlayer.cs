using System.Diagnostics;
using SandQueue.Bench.Compare.Loops;
using SandQueue.Bench.Journal;

namespace SandQueue.Bench.Compare.Players;

/// <summary>Rows of one instance, each written when the one before was committed.</summary>
internal sealed class JournalPlayer(StepWriters writers, int number) : IPlayer
{
    public async ValueTask<Played> PlayAsync()
    {
        await writers.AppendAsync(number);
        return new Played(1, Stopwatch.GetTimestamp());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
