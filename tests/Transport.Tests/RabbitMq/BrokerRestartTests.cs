using System.Diagnostics;
using System.Globalization;
using MassTransit;
using SandQueue.Testing;

namespace SandQueue.Transport.Tests.RabbitMq;

/// <summary>
/// How long it takes from a broker's restart until every queue of eight processes is heard again; one of them works on a long
/// message all the time. One restart, or as many as <c>SANDQUEUE_TEST_RESTARTS</c> says, whose times are printed.
/// </summary>
public sealed class BrokerRestartTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Processes = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>It takes 4 s, and a machine may be slow; without probes a queue may never be heard again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly RabbitMqServer _server = new();
    private readonly Inbox _inbox = new();
    private readonly List<BusProcess> _processes = [];
    private readonly string _name = $"sandqueue.test.{Guid.NewGuid():n}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await _server.StartAsync() && _server.IsOurs, _server.Missing ?? "needs a RabbitMQ of its own, to restart it");
        var address = await _server.NewVirtualHostAsync();
        for (var process = 0; process < Processes; process++) _processes.Add(await BusProcess.StartAsync(new TransportOptions { RabbitMq = address }, _inbox));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(async process => await process.DisposeAsync()));
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Every_queue_is_heard_again()
    {
        var queues = new List<(string Name, Func<int, Task> Send)>();
        foreach (var (process, number) in _processes.Select((process, number) => (process, number)))
        {
            var (own, create, entry) = ($"{_name}.own.{number}", $"{_name}.create.{number}", $"{_name}.entry.{number}");
            await process.ConnectOwnAsync(own);
            await process.ConnectSharedAsync(create);
            await process.ConnectSharedAsync(entry);
            queues.Add((own, probe => process.Sender.SendOwnAsync(own, new Probe { Number = probe }, replyTo: null, Cancel)));
            foreach (var shared in (string[])[create, entry])
            {
                queues.Add((shared, probe => process.Sender.SendSharedAsync(shared, new Probe { Number = probe }, replyTo: null, TimeSpan.FromMinutes(1), Cancel)));
            }
        }

        await Task.WhenAll(queues.Select(queue => HeardAsync(queue.Name, queue.Send, round: 0)));
        await _processes[0].Sender.SendSharedAsync($"{_name}.create.0", new Probe { Number = Inbox.Held }, replyTo: null, Limit, Cancel);
        await _inbox.HeldAsync().WaitAsync(Limit, Cancel);

        var rounds = int.Parse(Environment.GetEnvironmentVariable("SANDQUEUE_TEST_RESTARTS") ?? "1", CultureInfo.InvariantCulture);
        for (var round = 1; round <= rounds; round++)
        {
            await _server.StopAsync();
            await _server.RunAsync();
            var since = Stopwatch.GetTimestamp();
            var times = await Task.WhenAll(queues.Select(async queue =>
            {
                await HeardAsync(queue.Name, queue.Send, round);
                return (queue.Name, Took: Stopwatch.GetElapsedTime(since));
            }));
            var last = times.MaxBy(time => time.Took);
            output.WriteLine(
                $"restart {round}: first {times.Min(time => time.Took).TotalSeconds:0.0} s, own queues {times.Where(time => time.Name.Contains(".own.", StringComparison.Ordinal)).Max(time => time.Took).TotalSeconds:0.0} s, all {last.Took.TotalSeconds:0.0} s (last: {last.Name[_name.Length..]})");
            last.Took.ShouldBeLessThan(Longest);
        }
    }

    /// <summary>Sends to a queue until a message of this round came.</summary>
    private async Task HeardAsync(string queue, Func<int, Task> send, int round)
    {
        var since = Stopwatch.GetTimestamp();
        while (!_inbox.Has(queue, round))
        {
            if (Stopwatch.GetElapsedTime(since) > Limit) throw new TimeoutException($"{queue} is not heard again");
            try
            {
                await send(round);
            }
            catch (Exception exception) when (exception is MassTransitException or TimeoutException or OperationCanceledException)
            {
                // Not yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }
    }
}
