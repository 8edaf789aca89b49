using System.Diagnostics;
using CsCheck;
using SandQueue.Routing.Limits;

namespace SandQueue.Routing.Tests.Limits;

public sealed class CreateTurnsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly CreateTurns _turns = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task So_many_have_a_turn_and_the_others_get_theirs_in_the_order_they_came()
    {
        var began = Enumerable.Range(0, 5).Select(_ => Begin("a")).ToList();
        began.Select(turn => turn.IsCompleted).ShouldBe([true, true, false, false, false]);

        End("a");
        await began[2].WaitAsync(Limit, Cancel);
        began[3].IsCompleted.ShouldBeFalse();
        End("a");
        await began[3].WaitAsync(Limit, Cancel);
        began[4].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void Tenants_and_environments_have_lines_of_their_own()
    {
        for (var index = 0; index < 100; index++) _ = Begin("a");

        Begin("b").IsCompleted.ShouldBeTrue();
        _turns.BeginAsync("a", "other", () => 2, Cancel).IsCompleted.ShouldBeTrue();
        _turns.Waiting("a", "env").ShouldBe(98);
    }

    [Fact]
    public void Nobody_passes_those_who_wait()
    {
        var width = 1;
        _turns.TryBegin("a", "env", () => width).ShouldBeTrue();
        _ = _turns.BeginAsync("a", "env", () => width, Cancel);
        width = 10;

        _turns.TryBegin("a", "env", () => width).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_there_is_room_again_all_that_fit_get_their_turn()
    {
        var width = 1;
        var began = Enumerable.Range(0, 6).Select(_ => _turns.BeginAsync("a", "env", () => width, Cancel)).ToList();
        width = 4;

        _turns.End("a", "env", () => width);

        await Task.WhenAll(began[..5]).WaitAsync(Limit, Cancel);
        began[5].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_gives_up_leaves_the_line()
    {
        using var given = new CancellationTokenSource();
        _ = Begin("a");
        _ = Begin("a");
        var first = _turns.BeginAsync("a", "env", () => 2, given.Token);
        var second = Begin("a");

        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(first.WaitAsync(Limit, Cancel));
        End("a");
        await second.WaitAsync(Limit, Cancel);
        _turns.Waiting("a", "env").ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_gives_up_while_the_last_turn_is_given_back_is_told_just_that()
    {
        for (var round = 0; round < 200; round++)
        {
            using var given = new CancellationTokenSource();
            _turns.TryBegin("a", "env", () => 1).ShouldBeTrue();
            var waiting = _turns.BeginAsync("a", "env", () => 1, given.Token);

            await given.CancelAsync();
            End("a");

            await Should.ThrowAsync<OperationCanceledException>(waiting.WaitAsync(Limit, Cancel));
        }
    }

    /// <summary>Whatever comes, ends and gives up: no more have a turn than may, and nobody waits while a turn is free.</summary>
    [Fact]
    public Task No_turn_is_lost_and_none_is_made_up() => Gen.Select(Gen.Int[1, 4], Gen.Int[0, 2].List[0, 40]).SampleAsync(async (width, events) =>
    {
        var turns = new CreateTurns();
        List<(Task Task, CancellationTokenSource Given)> all = [];
        var ended = 0;
        foreach (var what in events)
        {
            var running = all.Where(one => one.Task.IsCompletedSuccessfully).ToList();
            var waiting = all.Where(one => !one.Task.IsCompleted).ToList();
            switch (what)
            {
                case 0:
                    var given = new CancellationTokenSource();
                    all.Add((turns.BeginAsync("a", "env", () => width, given.Token), given));
                    break;
                case 1 when running.Count > ended:
                    ended++;
                    turns.End("a", "env", () => width);
                    break;
                case 2 when waiting.Count > 0:
                    await waiting[^1].Given.CancelAsync();
                    break;
                default:
                    break;
            }

            // Whoever has a turn or has given up goes on beside this test, and a thread that waits for that would keep it from doing so.
            var since = Stopwatch.GetTimestamp();
            while (turns.Waiting("a", "env") != all.Count(one => !one.Task.IsCompleted))
            {
                Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Limit);
                await Task.Yield();
            }

            var holding = all.Count(one => one.Task.IsCompletedSuccessfully) - ended;
            holding.ShouldBeLessThanOrEqualTo(width);
            if (turns.Waiting("a", "env") > 0) holding.ShouldBe(width);
        }
    }, iter: 200, threads: 1);

    private Task Begin(string tenant) => _turns.BeginAsync(tenant, "env", () => 2, Cancel);

    private void End(string tenant) => _turns.End(tenant, "env", () => 2);
}
