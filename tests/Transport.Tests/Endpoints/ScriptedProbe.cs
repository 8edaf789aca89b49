using System.Threading.Channels;
using MassTransit;
using SandQueue.Transport.Health;

namespace SandQueue.Transport.Tests.Endpoints;

/// <summary>Each probe of a queue waits for what a test wants it to find.</summary>
internal sealed class ScriptedProbe : IConsumerProbe
{
    private readonly Channel<Func<ProbeResult>> _results = Channel.CreateUnbounded<Func<ProbeResult>>();
    private int _started;

    /// <summary>Probes that were started.</summary>
    public int Started => Volatile.Read(ref _started);

    public void Find(Func<ProbeResult> result) => _results.Writer.TryWrite(result);

    public void Attach(IReceiveEndpointConfigurator endpoint)
    {
    }

    public async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _started);
        return (await _results.Reader.ReadAsync(cancellationToken))();
    }
}
