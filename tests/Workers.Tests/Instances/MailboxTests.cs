using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Storage.Model;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Instances;

public sealed class MailboxTests
{
    private readonly Mailbox _mailbox = new(NullLogger.Instance);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_waits_for_the_piece_before_it()
    {
        var gate = new Gate();
        var done = new List<int>();
        _ = _mailbox.RunAsync(async () =>
        {
            await gate.PassAsync(Cancel);
            done.Add(1);
        });
        await gate.Arrived;
        var second = PostAsync(() => done.Add(2));
        done.ShouldBeEmpty();

        gate.Open();

        await second;
        done.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_mailbox_that_was_empty_starts_again()
    {
        await PostAsync(() => { });
        await PostAsync(() => { });
        await PostAsync(() => { });
    }

    [Fact]
    public async Task Posting_runs_nothing_on_the_posting_thread()
    {
        using var released = new ManualResetEventSlim();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Would never return if the work ran here.
        _ = _mailbox.RunAsync(() =>
        {
            released.Wait(Cancel);
            done.SetResult();
            return Task.CompletedTask;
        });
        released.Set();

        await done.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task Too_much_waiting_work_is_refused_until_some_is_done()
    {
        var gate = new Gate();
        _ = _mailbox.RunAsync(() => gate.PassAsync(Cancel));
        await gate.Arrived;
        var accepted = 0;
        while (_mailbox.TryRun(() => Task.CompletedTask, out _) && accepted < 10_000) accepted++;

        accepted.ShouldBe(1000);
        gate.Open();
        while (!_mailbox.TryRun(() => Task.CompletedTask, out _)) await Task.Yield();
    }

    [Fact]
    public async Task Whoever_posts_whatever_runs_alone_and_in_each_posters_order()
    {
        await Gen.Select(Gen.Int[1, 4], Gen.Int[1, 100], Gen.Int[0, 2].List[1, 10]).SampleAsync(async scenario =>
        {
            var (posters, each, yields) = scenario;
            var mailbox = new Mailbox(NullLogger.Instance);
            var order = new List<(int Poster, int Piece)>();
            var (running, disturbed) = (0, false);
            var left = posters * each;
            var done = new TaskCompletionSource();

            await Task.WhenAll(Enumerable.Range(0, posters).Select(poster => Task.Run(() =>
            {
                for (var piece = 0; piece < each; piece++)
                {
                    var mine = (poster, piece);
                    var pauses = yields[piece % yields.Count];
                    mailbox.Post(async () =>
                    {
                        disturbed |= Interlocked.Increment(ref running) > 1;
                        for (var pause = 0; pause < pauses; pause++) await Task.Yield();
                        order.Add(mine);
                        Interlocked.Decrement(ref running);
                        if (Interlocked.Decrement(ref left) == 0) done.SetResult();
                    });
                }
            })));
            await done.Task.WaitAsync(TimeSpan.FromSeconds(30));

            return !disturbed
                && order.Count == posters * each
                && order.GroupBy(piece => piece.Poster).All(pieces => pieces.Select(piece => piece.Piece).SequenceEqual(Enumerable.Range(0, each)));
        }, iter: 50);
    }

    [Fact]
    public async Task Work_of_the_workers_own_is_never_refused()
    {
        var gate = new Gate();
        _ = _mailbox.RunAsync(() => gate.PassAsync(Cancel));
        await gate.Arrived;
        while (_mailbox.TryRun(() => Task.CompletedTask, out _))
        {
        }

        var own = PostAsync(() => { });
        gate.Open();

        await own;
    }

    [Fact]
    public async Task Work_that_fails_fails_whoever_waits_for_it_and_nobody_else()
    {
        var failing = _mailbox.RunAsync(() => throw new InvalidDataException("broken"));
        _mailbox.TryRun(() => Task.FromCanceled(new CancellationToken(canceled: true)), out var cancelled).ShouldBeTrue();

        (await Should.ThrowAsync<InvalidDataException>(failing)).Message.ShouldBe("broken");
        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        await PostAsync(() => { });
    }

    [Fact]
    public async Task The_failure_of_work_that_nobody_waits_for_is_logged()
    {
        using var lines = new KeptLines();
        var mailbox = new Mailbox(lines);

        mailbox.Post(() => throw new InvalidDataException("broken"));
        await mailbox.RunAsync(() => Task.CompletedTask);

        lines.Lines.ShouldHaveSingleItem().Level.ShouldBe(Microsoft.Extensions.Logging.LogLevel.Error);
    }

    private Task PostAsync(Action work) => _mailbox.RunAsync(() =>
    {
        work();
        return Task.CompletedTask;
    }).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
}
