namespace SandQueue.Transport.Tests.Memory;

public sealed class MemoryTransport : TransportFixture
{
    /// <summary>A process that is gone takes the whole transport with it.</summary>
    public override bool NoticesGoneQueues => false;

    protected override async Task<(BusProcess First, BusProcess Second)> StartAsync()
    {
        var only = await BusProcess.StartAsync(new TransportOptions(), Inbox);
        return (only, only);
    }
}

public sealed class MemoryTransportTests(MemoryTransport transport) : TransportContract(transport), IClassFixture<MemoryTransport>;
