namespace SandQueue.Transport.Tests.Memory;

public sealed class MemoryTransport : TransportFixture
{
    protected override async Task<(BusProcess First, BusProcess Second)> StartAsync()
    {
        var only = await BusProcess.StartAsync(new TransportOptions { Kind = TransportKind.Memory }, Inbox);
        return (only, only);
    }
}

public sealed class MemoryTransportTests(MemoryTransport transport) : TransportContract(transport), IClassFixture<MemoryTransport>;
