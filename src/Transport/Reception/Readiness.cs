using MassTransit;

namespace SandQueue.Transport.Reception;

/// <summary>
/// Of a queue that others take from too: what is sent to it may come to them, so only the endpoint's own word tells, and
/// where that is no, whether the broker can be used.
/// </summary>
internal sealed class Readiness(SharedProbe broker) : IReceptionCheck
{
    /// <summary>What the endpoint connected last said last; those before it are not listened to.</summary>
    private Word _last = new();

    public void Attach(IReceiveEndpointConfigurator endpoint)
    {
        var word = new Word();
        Volatile.Write(ref _last, word);
        endpoint.ConnectReceiveEndpointObserver(word);
    }

    public async Task<bool?> ReceivesAsync(CancellationToken cancellationToken)
    {
        var word = Volatile.Read(ref _last);
        if (word.IsReady) return true;
        try
        {
            await broker.TryAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Why it cannot be used stands in the log: the endpoint tries as well.
            return null;
        }

        return word.IsReady;
    }

    private sealed class Word : IReceiveEndpointObserver
    {
        private volatile bool _ready;

        public bool IsReady => _ready;

        public Task Ready(ReceiveEndpointReady ready) => SayAsync(ready.IsStarted);

        public Task Stopping(ReceiveEndpointStopping stopping) => SayAsync(false);

        public Task Completed(ReceiveEndpointCompleted completed) => SayAsync(false);

        public Task Faulted(ReceiveEndpointFaulted faulted) => SayAsync(false);

        private Task SayAsync(bool ready)
        {
            _ready = ready;
            return Task.CompletedTask;
        }
    }
}
