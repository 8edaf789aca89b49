using SandQueue.Transport.Brokers;

namespace SandQueue.Transport.Health;

/// <summary>Tries the broker once for all who ask at about the same time: many queues wait when it has just started, and each attempt is a connection.</summary>
internal sealed class SharedBrokerProbe(Func<CancellationToken, Task> probe, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Task? _last;
    private long _since;

    /// <summary>Fails where the broker cannot be used, or does not answer in time.</summary>
    public Task TryAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_last is null || time.GetElapsedTime(_since) >= Deadlines.FailedProbeInterval)
            {
                (_last, _since) = (ProbeAsync(), time.GetTimestamp());
            }

            return _last.WaitAsync(cancellationToken);
        }
    }

    private async Task ProbeAsync()
    {
        using var limit = new CancellationTokenSource(Deadlines.BrokerProbe, time);
        await probe(limit.Token).WaitAsync(limit.Token);
    }
}
