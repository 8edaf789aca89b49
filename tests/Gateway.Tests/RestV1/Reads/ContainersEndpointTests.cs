using Microsoft.Extensions.DependencyInjection;
using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.RestV1.Reads;

public sealed class ContainersEndpointTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    private readonly RestServer _server = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_containers_of_living_workers_are_listed_as_they_were_published_for_admins_alone()
    {
        await PublishAsync("b.1", new WorkerContainer("c-3", "webshop", "shop:2", ContainerState.Quarantined, 1, 9, 1_700_000_000_500));
        await PublishAsync(
            "a.1", new WorkerContainer("c-1", "bfcl", "the built-in server", ContainerState.Running, 3, 17, 0), new WorkerContainer("c-2", "webshop", "python3 shop.py", ContainerState.Isolated, 1, 1, 0));
        await PublishAsync("dead.1", new WorkerContainer("c-4", "bfcl", "x", ContainerState.Running, 1, 1, 0));
        await _server.Services.GetRequiredService<WorkerDirectory>().EndLeaseAsync("dead.1", Cancel);
        await RegisterAsync("new.1");

        var listed = (await _server.SendAsync("GET", "/v1/containers", key: "key-admin")).Json.GetProperty("containers");

        listed.EnumerateArray().Select(container => container.GetProperty("id").GetString()).ShouldBe(["c-1", "c-2", "c-3"]);
        listed[2].GetRawText().ShouldBe("""{"id":"c-3","worker":"b.1","env_type":"webshop","runs":"shop:2","state":"quarantined","instances":1,"served":9,"started_at":"2023-11-14T22:13:20.5+00:00"}""");
        listed[1].GetProperty("state").GetString().ShouldBe("isolated");
        (await _server.SendAsync("GET", "/v1/containers?env_type=bfcl", key: "key-admin")).Json.GetProperty("containers").GetArrayLength().ShouldBe(1);
        (await _server.SendAsync("GET", "/v1/containers?env_type=ghost", key: "key-admin")).Body.ShouldBe("""{"containers":[]}""");
        (await _server.SendAsync("GET", "/v1/containers")).ProblemOf(403, "forbidden");
        (await _server.SendAsync("GET", "/v1/containers?limit=1", key: "key-admin")).ProblemOf(400, "invalid_request").ShouldContain("this route takes env_type");
    }

    private async Task PublishAsync(string name, params WorkerContainer[] containers)
    {
        await RegisterAsync(name);
        (await _server.Services.GetRequiredService<WorkerDirectory>().RenewAsync(name, Lease, TimeSpan.Zero, [], containers, Cancel)).ShouldBe(LeaseVerdict.Renewed);
    }

    private Task RegisterAsync(string name) => _server.Services.GetRequiredService<WorkerDirectory>().RegisterAsync(
        new Worker { Name = name, Host = "here", Version = "1", Contract = QueueNames.ContractVersion, Environments = "[]" }, Lease, Cancel);
}
