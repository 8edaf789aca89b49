using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Postgres.Partitions;

/// <summary>A journal that was one table.</summary>
public sealed class PartitionUpgradeTests(PostgresStore server) : IClassFixture<PostgresStore>
{
    private const string Before = "StoredOpenings";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_rows_stay_and_so_does_each_of_their_ids()
    {
        await using var process = await FilledAsync();
        await process.MigrateStorageAsync(Cancel);

        var (reader, journal) = (process.GetRequiredService<EpisodeReader>(), process.GetRequiredService<EpisodeJournal>());
        (await reader.ReadEpisodeAsync(7, Cancel)).Select(entry => entry.CommandId).ShouldBe(["create", "step"]);
        (await reader.FindCommandAsync("someone", "step", Cancel))!.Answer.ShouldBe([9]);
        (await reader.FindCommandAsync("someone", "expired", Cancel))!.EpisodeId.ShouldBeNull();
        foreach (var id in (string[])["create", "step", "expired"]) (await journal.AppendAsync(Rows.Alone("someone", id), Cancel)).ShouldBe(JournalVerdict.Duplicate);

        var row = (await process.GetRequiredService<InstanceDirectory>().FindLivingAsync("someone", "mine", Cancel))!;
        (await journal.AppendAsync(Rows.Step(row, 2), Cancel)).ShouldBe(JournalVerdict.Committed);
        (await reader.ReadEpisodeAsync(7, Cancel)).Select(entry => entry.Step).ShouldBe([0, 1, 2], "in the order of their numbers");
    }

    [Fact]
    public async Task A_process_of_the_version_before_writes_no_more_rows_that_nobody_would_find()
    {
        await using var process = await FilledAsync();
        await process.MigrateStorageAsync(Cancel);
        await using var context = await process.GetRequiredService<IContextSource>().OpenAsync(Cancel);

        var refused = await Should.ThrowAsync<PostgresException>(() => InsertAsync(context, "another", 7, 2));

        refused.SqlState.ShouldBe(PostgresErrorCodes.NotNullViolation);
    }

    private async Task<ServiceProvider> FilledAsync()
    {
        var process = server.Provide(await server.CreateDatabaseAsync());
        await using var context = await process.GetRequiredService<IContextSource>().OpenAsync(Cancel);
        await context.Database.GetService<IMigrator>().MigrateAsync(Before, Cancel);
        await context.Database.ExecuteSqlRawAsync(
            """
            INSERT INTO instances (episode_id, tenant, instance_id, env_type, task_id, params, state, owner, epoch, attempts, recoveries, next_step, is_end_announced, created_at, last_used_at)
            VALUES (7, 'someone', 'mine', 'countdown', 't', '', 2, 'worker-a', 3, 0, 0, 2, FALSE, 4, 5);
            INSERT INTO openings VALUES ('\x01', '');
            """,
            Cancel);
        await InsertAsync(context, "create", 7, 0, [1]);
        await InsertAsync(context, "step", 7, 1);
        await InsertAsync(context, "expired", null, null);
        return process;
    }

    /// <summary>Inserts a row as the version before did.</summary>
    private static async Task InsertAsync(SandQueueContext context, string commandId, long? episode, int? step, byte[]? opening = null) => await context.Database.ExecuteSqlAsync(
        $"""
         INSERT INTO journal (tenant, command_id, episode_id, kind, step, "end", reason, action, params, answer, opening_hash, opening_ranges, terminated, environment_ms, epoch, recorded_at)
         VALUES ('someone', {commandId}, {episode}, 2, {step}, 1, 0, '', '', {new byte[] { 9 }}, {opening}, '', FALSE, 1, 3, 6)
         """,
        Cancel);
}
