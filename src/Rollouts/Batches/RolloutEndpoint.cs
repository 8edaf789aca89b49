using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Transport.Endpoints;

namespace SandQueue.Rollouts.Batches;

/// <summary>The shared queue that this process takes requests for lanes from. It begins after its worker has its lease, and ends before that.</summary>
internal sealed partial class RolloutEndpoint(EndpointConnector endpoints, PlayRolloutsConsumer consumer, RolloutLanes lanes, ILogger<RolloutEndpoint> log) : BackgroundService
{
    /// <summary>Messages at once; each waits for a claim, or a second for a slot.</summary>
    private const int Concurrent = 32;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StopLimit);
        await lanes.StopAsync(limit.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ConnectedEndpoint? endpoint = null;
        while (endpoint is null)
        {
            try
            {
                endpoint = await endpoints.ConnectSharedAsync(QueueNames.Rollouts, Concurrent, [consumer], stoppingToken);
            }
            catch (TimeoutException exception)
            {
                // The broker is away; each try waits for half a minute.
                NotConnected(exception.Message);
            }
        }

        await using (endpoint)
        {
            await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "requests for rollouts cannot be taken yet: {Reason}")]
    private partial void NotConnected(string reason);
}
