using Microsoft.Extensions.DependencyInjection;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.RestV1.Reads;

public sealed class ActivityEndpointTests : IAsyncLifetime
{
    private readonly RestServer _server = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_admin_sees_who_uses_the_farm_and_a_tenant_itself_alone()
    {
        foreach (var (tenant, living) in (ValueTuple<string, int>[])[("mine", 2), ("theirs", 3)])
        {
            for (var number = 0; number < living; number++) await ClaimAsync(tenant, $"i{number}");
        }

        var farm = (await _server.SendAsync("GET", "/v1/activity?of=farm", key: "key-admin")).Json;
        var own = (await _server.SendAsync("GET", "/v1/activity")).Json;
        var nothing = (await _server.SendAsync("GET", "/v1/activity", key: "key-admin")).Json;

        farm.GetProperty("tenants").GetRawText().ShouldBe(
            """[{"tenant":"theirs","live_instances":3,"live_limit":20000,"creates":0,"steps":0},{"tenant":"mine","live_instances":2,"live_limit":20000,"creates":0,"steps":0}]""");
        farm.GetProperty("live_instances").GetInt32().ShouldBe(5);
        own.GetProperty("tenants").GetRawText().ShouldBe("""[{"tenant":"mine","live_instances":2,"live_limit":20000,"creates":0,"steps":0}]""");
        own.GetProperty("live_instances").GetInt32().ShouldBe(2);
        nothing.GetProperty("tenants").GetRawText().ShouldBe("""[{"tenant":"admin","live_instances":0,"live_limit":20000,"creates":0,"steps":0}]""");
    }

    private async Task ClaimAsync(string tenant, string instanceId)
    {
        var row = new Instance { Tenant = tenant, InstanceId = instanceId, EnvType = "lake", TaskId = "t", Params = [], State = InstanceState.Live, Owner = "w", Epoch = 1 };
        (await _server.Services.GetRequiredService<InstanceDirectory>().ClaimAsync(row, Cancel)).ShouldBeNull();
    }
}
