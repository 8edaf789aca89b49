using MassTransit;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Transport.Endpoints;

namespace SandQueue.Workers.Serving;

/// <summary>The queues a worker takes commands from: those it shares with others, and its own.</summary>
internal sealed partial class WorkerEndpoints(EndpointConnector endpoints, CommandConsumers consumers, ILogger<WorkerEndpoints> log)
{
    /// <summary>Creates a worker works on at once; the others stay in the shared queue, for workers that have time.</summary>
    private const int ConcurrentCreates = 32;

    private readonly Dictionary<string, ConnectedEndpoint> _shared = [];
    private ConnectedEndpoint? _own;
    private bool _isClosed;

    /// <summary>Competes for the Creates of an environment, and for commands whose owner their sender does not know.</summary>
    public async Task ShareAsync(string environment, CancellationToken cancellationToken)
    {
        await ShareAsync(QueueNames.Create(environment), consumers.OfCreates, cancellationToken);
        await ShareAsync(QueueNames.Entry(environment), consumers.OfCommands, cancellationToken);
    }

    /// <summary>Takes what is sent to a worker of this name.</summary>
    public async Task OwnAsync(string worker, CancellationToken cancellationToken)
    {
        await DisownAsync();
        _own = await endpoints.ConnectOwnAsync(QueueNames.Worker(worker), consumers.OfCommands, cancellationToken);
    }

    /// <summary>Takes nothing from its own queue any more.</summary>
    public async Task DisownAsync()
    {
        var own = Interlocked.Exchange(ref _own, null);
        if (own is not null) await DisconnectAsync(own);
    }

    /// <summary>Takes nothing from the shared queues any more; others do.</summary>
    public async Task UnshareAsync()
    {
        List<ConnectedEndpoint> shared;
        lock (_shared)
        {
            _isClosed = true;
            shared = [.. _shared.Values];
            _shared.Clear();
        }

        await Task.WhenAll(shared.Select(DisconnectAsync));
    }

    private async Task ShareAsync(string queue, IReadOnlyList<IConsumer> taking, CancellationToken cancellationToken)
    {
        lock (_shared)
        {
            // It may be there from a try that failed later.
            if (_isClosed || _shared.ContainsKey(queue)) return;
        }

        var endpoint = await endpoints.ConnectSharedAsync(queue, ConcurrentCreates, taking, cancellationToken);
        lock (_shared)
        {
            if (!_isClosed && _shared.TryAdd(queue, endpoint)) return;
        }

        await DisconnectAsync(endpoint);
    }

    /// <summary>An endpoint that cannot be closed must not keep the worker from what comes after.</summary>
    private async Task DisconnectAsync(ConnectedEndpoint endpoint)
    {
        try
        {
            await endpoint.DisposeAsync();
        }
        catch (Exception exception)
        {
            NotDisconnected(endpoint.Address, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "the endpoint {Address} could not be closed in time")]
    private partial void NotDisconnected(Uri address, Exception failure);
}
