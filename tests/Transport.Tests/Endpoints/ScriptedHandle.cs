using MassTransit;

namespace SandQueue.Transport.Tests.Endpoints;

/// <summary>An endpoint of the bus that does what a test wants.</summary>
internal sealed class ScriptedHandle(Task<ReceiveEndpointReady> ready, Func<CancellationToken, Task> stop) : HostReceiveEndpointHandle
{
    private int _stopped;

    public IReceiveEndpoint ReceiveEndpoint => throw new NotSupportedException();

    public Task<ReceiveEndpointReady> Ready => ready;

    public int Stopped => Volatile.Read(ref _stopped);

    public static Task<ReceiveEndpointReady> Receiving { get; } = Task.FromResult<ReceiveEndpointReady>(new ReadyEvent());

    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _stopped);
        return stop(cancellationToken);
    }

    private sealed record ReadyEvent : ReceiveEndpointReady
    {
        public Uri InputAddress { get; } = new("exchange:its-own?durable=false");

        public IReceiveEndpoint ReceiveEndpoint => throw new NotSupportedException();

        public bool IsStarted => true;
    }
}
