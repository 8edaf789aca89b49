using System.Collections.Concurrent;
using MassTransit;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests;

/// <summary>A message of the tests. Whoever gets it answers it where it has a reply address.</summary>
public sealed record Probe
{
    public required int Number { get; init; }

    public byte[] Payload { get; init; } = [];
}

/// <summary>What came to the processes of a test, by the queue it came through.</summary>
public sealed class Inbox
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, BlockingCollection<Probe>> _queues = new(StringComparer.Ordinal);

    public void Add(string queue, Probe probe) => Of(queue).Add(probe);

    /// <summary>Waits for so many messages, and takes them out.</summary>
    public Task<List<Probe>> TakeAsync(string queue, int count, CancellationToken cancellationToken) => Task.Run(
        () => Enumerable.Range(0, count).Select(_ => Of(queue).TryTake(out var probe, (int)Limit.TotalMilliseconds, cancellationToken) ? probe : throw new TimeoutException($"nothing more came to {queue}")).ToList(),
        cancellationToken);

    private BlockingCollection<Probe> Of(string queue) => _queues.GetOrAdd(queue, _ => new BlockingCollection<Probe>());
}

public sealed class ProbeConsumer(Inbox inbox, IMessageSender sender) : IConsumer<Probe>
{
    public async Task Consume(ConsumeContext<Probe> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        inbox.Add(context.ReceiveContext.InputAddress.Segments[^1], context.Message);
        if (context.ResponseAddress is { } sendBack) await sender.ReplyAsync(sendBack, context.Message, context.CancellationToken);
    }
}
