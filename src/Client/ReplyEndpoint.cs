using MassTransit;
using Microsoft.Extensions.Hosting;
using SandQueue.Contracts;
using SandQueue.Transport;

namespace SandQueue.Client;

/// <summary>The one queue that replies to this process come back on.</summary>
public sealed class ReplyEndpoint(EndpointConnector endpoints) : IHostedService
{
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>This process's name as a sender, new at every start.</summary>
    public string Sender { get; } = $"{Environment.MachineName}-{Guid.NewGuid():n}".ToLowerInvariant();

    /// <summary>The endpoint's own address, with all its options; an address composed by hand would declare another queue.</summary>
    public Task<Uri> AddressAsync() => _address.Task;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var handle = await endpoints.ConnectOwnAsync(
            QueueNames.Replies(Sender), (context, endpoint) => endpoint.ConfigureConsumer<CommandRepliesConsumer>(context));
        _address.TrySetResult((await handle.Ready).InputAddress);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
