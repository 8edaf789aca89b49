using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Gateway.RestV1.Reads;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.RestV1.Reads;

public sealed class LivingByTenantTests : IAsyncLifetime
{
    private readonly RestServer _server = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_database_is_asked_again_once_the_count_is_old()
    {
        var living = new LivingByTenant(_server.Services.GetRequiredService<InstanceListing>(), _time);
        (await living.CountAsync(Cancel)).ShouldBeEmpty();
        var row = new Instance { Tenant = "mine", InstanceId = "i", EnvType = "lake", TaskId = "t", Params = [], State = InstanceState.Live, Owner = "w", Epoch = 1 };
        (await _server.Services.GetRequiredService<InstanceDirectory>().ClaimAsync(row, Cancel)).ShouldBeNull();

        (await living.CountAsync(Cancel)).ShouldBeEmpty();
        _time.Advance(LivingByTenant.Age);
        (await living.CountAsync(Cancel)).ShouldBe([new("mine", 1)]);
    }

    [Fact]
    public async Task A_count_that_failed_is_not_kept()
    {
        await using var away = new RestServer { HasDatabase = false };
        await away.InitializeAsync();
        var living = new LivingByTenant(away.Services.GetRequiredService<InstanceListing>(), _time);
        for (var i = 0; i < 2; i++) await Should.ThrowAsync<System.Data.Common.DbException>(() => living.CountAsync(Cancel));
    }
}
