using MassTransit;

namespace SandQueue.Transport;

/// <summary>A queue this process takes messages from. Disposing it stops that; what it has taken is finished first.</summary>
public sealed class ConnectedEndpoint : IAsyncDisposable
{
    private readonly HostReceiveEndpointHandle _handle;

    internal ConnectedEndpoint(HostReceiveEndpointHandle handle, Uri address) => (_handle, Address) = (handle, address);

    /// <summary>Its own address with all its options; one composed by hand would declare another queue.</summary>
    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Deadlines.Disconnect);
        await _handle.StopAsync(limit.Token).WaitAsync(Deadlines.Disconnect + Deadlines.Disconnect, CancellationToken.None);
    }
}
