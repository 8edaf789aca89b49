using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Testing;

namespace SandQueue.Transport.Tests.RabbitMq;

/// <summary>How the queues are declared, as the broker itself tells it: no limit is left to its defaults.</summary>
public sealed class QueueLimitsTests(RabbitMqServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private Uri? _address;
    private BusProcess? _process;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await server.StartAsync(), server.Missing ?? "");
        _address = await server.NewVirtualHostAsync();
        _process = await BusProcess.StartAsync(new TransportOptions { RabbitMq = _address }, new Inbox());
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        if (_address is not null) await server.DeleteVirtualHostAsync(_address);
    }

    [Fact]
    public async Task A_shared_queue_is_a_quorum_queue_with_every_limit_set()
    {
        var name = QueueNames.Create("frozenlake");
        await using var endpoint = await _process!.ConnectSharedAsync(name);

        var queue = await DescribeAsync(name);

        (queue.GetProperty("durable").GetBoolean(), queue.GetProperty("exclusive").GetBoolean(), queue.GetProperty("auto_delete").GetBoolean()).ShouldBe((true, false, false));
        var arguments = queue.GetProperty("arguments");
        arguments.GetProperty("x-queue-type").GetString().ShouldBe("quorum");
        arguments.GetProperty("x-overflow").GetString().ShouldBe("reject-publish");
        foreach (var limit in (string[])["x-delivery-limit", "x-max-length", "x-message-ttl", "x-consumer-timeout"]) arguments.GetProperty(limit).GetInt64().ShouldBePositive(limit);
    }

    [Fact]
    public async Task A_workers_own_queue_is_exclusive_and_gone_with_it()
    {
        var name = QueueNames.Worker("w.1");
        await using (await _process!.ConnectOwnAsync(name))
        {
            var queue = await DescribeAsync(name);
            (queue.GetProperty("durable").GetBoolean(), queue.GetProperty("exclusive").GetBoolean(), queue.GetProperty("auto_delete").GetBoolean()).ShouldBe((false, true, true));
        }

        await Until.TrueAsync("the queue is gone", async () => !await ExistsAsync(name), Limit);
    }

    private async Task<JsonElement> DescribeAsync(string queue)
    {
        // The management plugin hears of a queue a moment after it is declared.
        await Until.TrueAsync($"the broker tells of {queue}", () => ExistsAsync(queue), Limit);
        return await server.DescribeQueueAsync(_address!, queue);
    }

    private async Task<bool> ExistsAsync(string queue)
    {
        try
        {
            return (await server.DescribeQueueAsync(_address!, queue)).TryGetProperty("arguments", out _);
        }
        catch (HttpRequestException exception) when (exception.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
