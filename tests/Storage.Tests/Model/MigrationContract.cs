using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;

namespace SandQueue.Storage.Tests.Model;

public abstract class MigrationContract(StoreFixture store)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_migrations_make_the_model()
    {
        await using var context = await store.Get<IContextSource>().OpenAsync(Cancel);
        context.Database.HasPendingModelChanges().ShouldBeFalse();
        (await context.Database.GetPendingMigrationsAsync(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_database_that_is_up_to_date_stays_as_it_is()
    {
        var row = await Rows.ClaimAsync(store);
        await store.Services.MigrateStorageAsync(Cancel);
        await store.Services.MigrateStorageAsync(Cancel);
        (await store.Get<Storage.Instances.InstanceDirectory>().FindLivingAsync(row.Tenant, row.InstanceId, Cancel)).ShouldNotBeNull();
    }
}
