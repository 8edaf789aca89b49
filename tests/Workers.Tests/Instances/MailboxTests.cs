using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Storage.Model;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Tests.Fakes;

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
        _mailbox.TryPost(async () =>
        {
            await gate.PassAsync(Cancel);
            done.Add(1);
        }).ShouldBeTrue();
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
        _mailbox.TryPost(() =>
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
        _mailbox.TryPost(() => gate.PassAsync(Cancel));
        await gate.Arrived;
        var accepted = 0;
        while (_mailbox.TryPost(() => Task.CompletedTask) && accepted < 10_000) accepted++;

        accepted.ShouldBe(1000);
        gate.Open();
        while (!_mailbox.TryPost(() => Task.CompletedTask)) await Task.Yield();
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
                    mailbox.TryPost(async () =>
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

    private Task PostAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _mailbox.TryPost(() =>
        {
            work();
            done.SetResult();
            return Task.CompletedTask;
        }).ShouldBeTrue();
        return done.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }
}
