using SandQueue.Client.Tests.Servers;

namespace SandQueue.Client.Tests.Contract;

/// <summary>The client over HTTP, with a farm's gateway and an API key.</summary>
[Collection(typeof(OnOneFarm))]
public sealed class OverHttpOfFarmTests(ClientFarm farm) : ClientContract
{
    protected override async Task<int> PortAsync()
    {
        await farm.StartAsync();
        return farm.Gateway.Port;
    }

    protected override SandQueueClient Client(int port, SandQueueClientOptions? options) => SandQueueClient.OverHttp(new Uri($"http://127.0.0.1:{port}"), ClientFarm.Key, options);

    protected override async Task<SandQueueHttpClient> ReaderAsync()
    {
        await farm.StartAsync();
        return SandQueueClient.OverHttp(farm.Gateway, ClientFarm.Key);
    }

    [Fact]
    public async Task A_wrong_key_is_told_at_once()
    {
        await farm.StartAsync();
        await using var queue = SandQueueClient.OverHttp(farm.Gateway, "another");

        var failure = await FailureAsync(() => queue.CreateAsync("frozenlake", "4x4-1", cancellationToken: Cancel));

        (failure.Code, failure.Cause, failure.IsRetryable).ShouldBe((ErrorCodes.Unauthenticated, FailureCause.Caller, false));
    }
}
