using Microsoft.Extensions.Time.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Pools;

public sealed class LimitedCallsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly CallCount _count = new();

    private LimitedCalls Calls => new(Limit, _time, _count);

    [Fact]
    public async Task A_call_that_runs_too_long_is_cut_off_and_says_how_long_it_had()
    {
        var call = Calls.RunAsync(HangAsync, CancellationToken.None);

        _time.Advance(Limit);

        (await Should.ThrowAsync<EnvironmentTimeoutException>(call)).Limit.ShouldBe(Limit);
        _count.Suspects.ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_whose_time_ends_first_is_told_nothing_of_the_environment()
    {
        using var caller = new CancellationTokenSource();
        var call = Calls.RunAsync(HangAsync, caller.Token);

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(call);
        _count.Suspects.ShouldBe(1, "it may still run");
    }

    [Fact]
    public async Task What_was_answered_or_refused_is_no_suspect()
    {
        (await Calls.RunAsync(_ => Task.FromResult(7), CancellationToken.None)).ShouldBe(7);
        await Should.ThrowAsync<EnvironmentRejectedException>(Calls.RunAsync<int>(_ => throw new EnvironmentRejectedException("no"), CancellationToken.None));

        _count.Suspects.ShouldBe(0);
    }

    [Fact]
    public async Task What_runs_and_what_failed_is_suspect()
    {
        await Should.ThrowAsync<EnvironmentFailedException>(Calls.RunAsync<int>(_ => throw new EnvironmentFailedException("broken"), CancellationToken.None));
        var end = new TaskCompletionSource<int>();

        var running = Calls.RunAsync(_ => end.Task, CancellationToken.None);

        _count.Suspects.ShouldBe(2);
        end.SetResult(1);
        await running;
        _count.Suspects.ShouldBe(1);
    }

    private static async Task<int> HangAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }
}
