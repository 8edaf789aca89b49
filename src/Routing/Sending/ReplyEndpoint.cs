using Microsoft.Extensions.Hosting;
using SandQueue.Contracts;
using SandQueue.Transport.Endpoints;

namespace SandQueue.Routing.Sending;

/// <summary>The one queue that replies to this process come back on.</summary>
internal sealed class ReplyEndpoint(EndpointConnector endpoints, CommandRepliesConsumer consumer) : IHostedService
{
    private const int MostTries = 4;

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ConnectedEndpoint? _endpoint;

    /// <summary>This process's name as a sender, new at every start.</summary>
    public string Sender { get; } = $"{Environment.MachineName}-{Guid.NewGuid():n}".ToLowerInvariant();

    /// <summary>Where replies are sent to, once it is connected.</summary>
    public Task<Uri> AddressAsync() => _address.Task;

    /// <summary>The same; null until it is connected.</summary>
    public Uri? Address => _address.Task.IsCompletedSuccessfully ? _address.Task.Result : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                _endpoint = await endpoints.ConnectOwnAsync(QueueNames.Replies(Sender), [consumer], cancellationToken);
                _address.TrySetResult(_endpoint.Address);
                return;
            }
            catch (TimeoutException) when (tries < MostTries && !cancellationToken.IsCancellationRequested)
            {
                // The broker went away after it was found up; each try waits for half a minute.
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_endpoint is not null) await _endpoint.DisposeAsync();
    }
}
