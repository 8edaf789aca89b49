using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Fleet;

namespace SandQueue.Storage.Tests.Connections;

/// <summary>Which failures are the database's, as its driver throws them.</summary>
public sealed class DatabaseFailureTests
{
    /// <summary>A name that never resolves (RFC 2606).</summary>
    private const string Unresolvable = "Host=database.invalid;Username=u;Database=d;Timeout=5";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_that_does_not_resolve_is_an_outage_to_queries()
    {
        await using var process = new ServiceCollection().AddSingleton(TimeProvider.System).AddStorage(new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = Unresolvable }).BuildServiceProvider();

        var failure = await Should.ThrowAsync<Exception>(process.GetRequiredService<WorkerDirectory>().ListLivingAsync(Cancel));

        DatabaseFailure.Is(failure).ShouldBeTrue(failure.ToString());
        DatabaseFailure.IsTransient(failure).ShouldBeTrue(failure.ToString());
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_an_outage_to_the_journal()
    {
        await using var connection = new NpgsqlConnection($"{Unresolvable};Pooling=false");

        var failure = await Should.ThrowAsync<Exception>(connection.OpenAsync(Cancel));

        DatabaseFailure.Is(failure).ShouldBeTrue(failure.ToString());
        DatabaseFailure.IsTransient(failure).ShouldBeTrue(failure.ToString());
    }
}
