using System.Diagnostics;
using SandQueue.Testing;

namespace SandQueue.Transport.Tests.RabbitMq;

/// <summary>A process that dies must cost nobody anything but those who wait for it.</summary>
public sealed class DeadWorkerTests(RabbitMqServer server) : IAsyncLifetime
{
    private const int Clients = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _living = $"sandqueue.test.{Guid.NewGuid():n}";
    private readonly string _dead = $"sandqueue.test.{Guid.NewGuid():n}";
    private readonly Inbox _inbox = new();
    private Uri? _address;
    private BusProcess? _sender;
    private BusProcess? _worker;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await server.StartAsync(), server.Missing ?? "");
        _address = await server.NewVirtualHostAsync();
        _sender = await StartAsync();
        _worker = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_sender is not null) await _sender.DisposeAsync();
        if (_worker is not null) await _worker.DisposeAsync();
        if (_address is not null) await server.DeleteVirtualHostAsync(_address);
    }

    [Fact]
    public Task Nobody_who_sends_to_a_living_worker_waits() =>
        NobodyWaitsAsync((queue, _) => _sender!.Sender.SendOwnAsync(queue, new Probe { Number = 1 }, replyTo: null, Cancel));

    [Fact]
    public Task Nobody_who_answers_a_living_sender_waits() =>
        NobodyWaitsAsync((_, address) => _sender!.Sender.ReplyAsync(address, new Probe { Number = 1 }, Cancel));

    [Fact]
    public async Task Dead_names_leave_nothing_behind_in_the_broker()
    {
        for (var worker = 0; worker < 5; worker++)
        {
            var queue = $"{_dead}.{worker}";
            var endpoint = await _worker!.ConnectOwnAsync(queue);
            await _sender!.Sender.SendOwnAsync(queue, new Probe { Number = worker }, replyTo: null, Cancel);
            await endpoint.DisposeAsync();
            await Until.TrueAsync("the queue is gone", () => FailsAsync(() => _sender.Sender.SendOwnAsync(queue, new Probe { Number = worker }, replyTo: null, Cancel)), Limit);
        }

        await Until.TrueAsync("their exchanges are gone", async () => !(await server.ListExchangesAsync(_address!)).Any(name => name.StartsWith(_dead, StringComparison.Ordinal)), Limit);
    }

    private async Task NobodyWaitsAsync(Func<string, Uri, Task> send)
    {
        await using var living = await _worker!.ConnectOwnAsync(_living);
        var dying = await StartAsync();
        var address = (await dying.ConnectOwnAsync(_dead)).Address;
        await send(_dead, address);
        await send(_living, living.Address);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var waits = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => LongestAsync(() => send(_living, living.Address), over.Token))).ToList();
        var beats = Task.Factory.StartNew(() => LongestPause(over.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await dying.DisposeAsync();
        var refused = 0;
        await Until.TrueAsync("five sends to the dead worker failed", async () => await FailsAsync(() => send(_dead, address)) && ++refused >= 5, Limit);
        await over.CancelAsync();

        var (longest, stood) = ((await Task.WhenAll(waits)).Max(), await beats);
        TestContext.Current.TestOutputHelper!.WriteLine($"longest send to the living worker: {longest.TotalMilliseconds:0} ms, this process stood still for {stood.TotalMilliseconds:0} ms");

        // Whoever waits for the dead one waits for all of a send's limit; a machine that stood still is no wait.
        (longest - stood).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    private async Task<BusProcess> StartAsync() => await BusProcess.StartAsync(new TransportOptions { RabbitMq = _address }, _inbox);

    private static async Task<bool> FailsAsync(Func<Task> send)
    {
        try
        {
            await send();
            return false;
        }
        catch (Exception exception) when (exception is MassTransit.MassTransitException or TimeoutException or OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>The longest time that a thread of its own was not let run.</summary>
    private static TimeSpan LongestPause(CancellationToken over)
    {
        var longest = TimeSpan.Zero;
        for (var since = Stopwatch.GetTimestamp(); !over.WaitHandle.WaitOne(10); since = Stopwatch.GetTimestamp())
        {
            var took = Stopwatch.GetElapsedTime(since);
            if (took > longest) longest = took;
        }

        return longest;
    }

    private static async Task<TimeSpan> LongestAsync(Func<Task> send, CancellationToken over)
    {
        var longest = TimeSpan.Zero;
        while (!over.IsCancellationRequested)
        {
            var since = Stopwatch.GetTimestamp();
            await FailsAsync(send);
            var took = Stopwatch.GetElapsedTime(since);
            if (took > longest) longest = took;
        }

        return longest;
    }
}
