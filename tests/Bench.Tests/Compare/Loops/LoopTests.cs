using System.Diagnostics;
using SandQueue.Bench.Compare.Loops;

namespace SandQueue.Bench.Tests.Compare.Loops;

public sealed class LoopTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Calls_are_due_at_equal_distances()
    {
        var due = OpenLoop.Schedule(1000, rate: 4, TimeSpan.FromSeconds(1)).ToList();

        due.ShouldBe([1000, 1000 + (Stopwatch.Frequency / 4), 1000 + (Stopwatch.Frequency / 2), 1000 + (Stopwatch.Frequency * 3 / 4)]);
    }

    [Fact]
    public async Task Calls_that_find_their_player_busy_count_from_when_they_were_due()
    {
        var slow = new Player(TimeSpan.FromMilliseconds(200));

        var result = await OpenLoop.RunAsync([slow], rate: 20, TimeSpan.FromMilliseconds(200), Cancel);

        result.Units.ShouldBe(4);
        result.Latencies[^1].ShouldBeGreaterThan(600, "three calls before it, and 50 ms between two that are due");
    }

    [Fact]
    public async Task Arrivals_are_dealt_to_all_players()
    {
        Player[] players = [new(TimeSpan.Zero), new(TimeSpan.Zero)];

        await OpenLoop.RunAsync(players, rate: 100, TimeSpan.FromMilliseconds(100), Cancel);

        players.Select(player => player.Calls).ShouldBe([5, 5]);
    }

    [Fact]
    public async Task An_answer_that_is_wrong_is_an_error_and_ends_its_client()
    {
        var result = await ClosedLoop.RunAsync([new Player(TimeSpan.Zero, rightCalls: 3)], TimeSpan.FromMinutes(1), Cancel);

        result.Units.ShouldBe(3);
        result.Errors.ShouldBe(["wrong"]);
    }

    [Fact]
    public async Task A_closed_loop_ends_in_time()
    {
        var result = await ClosedLoop.RunAsync([new Player(TimeSpan.FromMilliseconds(1))], TimeSpan.FromSeconds(1), Cancel);

        result.Units.ShouldBeGreaterThan(0);
        result.Seconds.ShouldBeGreaterThanOrEqualTo(1);
        result.Errors.ShouldBeEmpty();
    }

    private sealed class Player(TimeSpan takes, int rightCalls = int.MaxValue) : IPlayer
    {
        public int Calls { get; private set; }

        public async ValueTask<Played> PlayAsync()
        {
            if (Calls == rightCalls) throw new InvalidDataException("wrong");
            Calls++;
            if (takes > TimeSpan.Zero) await Task.Delay(takes);
            return new Played(1, Stopwatch.GetTimestamp());
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
