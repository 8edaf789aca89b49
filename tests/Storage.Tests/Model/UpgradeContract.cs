using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Model;

/// <summary>Databases that an earlier version filled.</summary>
public abstract class UpgradeContract(StoreFixture store)
{
    private const string LastWithCallers = "Checkpoints";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upgrade_is_one_line_of_the_log_and_a_new_or_current_database_is_none()
    {
        var options = await store.CreateDatabaseAsync();
        using var log = new OwnLines();
        await using (var older = store.Provide(options, log))
        {
            await using var context = await older.GetRequiredService<IContextSource>().OpenAsync(Cancel);
            await context.Database.GetService<IMigrator>().MigrateAsync(LastWithCallers, Cancel);
        }

        await using var process = store.Provide(options, log);
        for (var start = 0; start < 2; start++) await process.MigrateStorageAsync(Cancel);
        await using var fresh = store.Provide(await store.CreateDatabaseAsync(), log);
        await fresh.MigrateStorageAsync(Cancel);

        await using var current = await process.GetRequiredService<IContextSource>().OpenAsync(Cancel);
        var migrations = current.Database.GetMigrations().ToList();
        var from = migrations.FindIndex(migration => migration.EndsWith($"_{LastWithCallers}", StringComparison.Ordinal));
        log.Lines.ShouldHaveSingleItem().ShouldBe((
            LogLevel.Information,
            $"the journal was written by an older version and is migrated from {migrations[from]} to {migrations[^1]}, {migrations.Count - from - 1} migrations; older versions cannot read it afterwards"));
    }

    [Fact]
    public async Task What_ended_before_ends_were_announced_is_not_announced_and_what_lived_is_when_it_ends()
    {
        await using var process = store.Provide(await store.CreateDatabaseAsync());
        await using (var context = await process.GetRequiredService<IContextSource>().OpenAsync(Cancel))
        {
            await context.Database.GetService<IMigrator>().MigrateAsync("InstanceListing", Cancel);
            await context.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO instances (episode_id, tenant, instance_id, env_type, task_id, params, state, owner, epoch, attempts, recoveries, next_step, created_at, last_used_at, ended_at)
                 VALUES (7, 'someone', 'ended', 'countdown', 't', {Array.Empty<byte>()}, 4, 'worker-a', 3, 0, 0, 2, 4, 5, 6),
                        (8, 'someone', 'lives', 'countdown', 't', {Array.Empty<byte>()}, 2, 'worker-a', 3, 0, 0, 2, 4, 5, NULL)
                 """,
                Cancel);
        }

        await process.MigrateStorageAsync(Cancel);

        (await AnnouncedAsync()).ShouldBeEmpty();
        (await process.GetRequiredService<InstanceDirectory>().EndAsync(8, epoch: 3, InstanceState.Lost, "died", now: 9, Cancel)).ShouldBeTrue();
        (await AnnouncedAsync()).ShouldBe(["lives"]);

        async Task<List<string>> AnnouncedAsync()
        {
            var announced = new List<string>();
            await process.GetRequiredService<EndAnnouncements>().AnnounceAsync((ended, _) =>
            {
                announced.AddRange(ended.Select(end => end.InstanceId));
                return Task.CompletedTask;
            }, Cancel);
            return announced;
        }
    }

    [Fact]
    public async Task Rows_of_the_version_whose_instances_belonged_to_callers_belong_to_tenants()
    {
        await using var process = store.Provide(await store.CreateDatabaseAsync());
        await using (var context = await process.GetRequiredService<IContextSource>().OpenAsync(Cancel))
        {
            await context.Database.GetService<IMigrator>().MigrateAsync(LastWithCallers, Cancel);
            await context.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO instances (episode_id, caller, instance_id, env_type, task_id, params, state, owner, epoch, attempts, recoveries, next_step, created_at, last_used_at)
                 VALUES (7, 'someone', 'mine', 'countdown', 't', {new byte[] { 1, 0, 2 }}, 2, 'worker-a', 3, 0, 0, 2, 4, 5)
                 """,
                Cancel);
            await context.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO journal (caller, command_id, episode_id, kind, step, "end", reason, action, params, answer, terminated, environment_ms, epoch, recorded_at)
                 VALUES ('someone', 'c', 7, 2, 1, 1, 0, {new byte[] { 8 }}, {Array.Empty<byte>()}, {new byte[] { 9 }}, {true}, 1.5, 3, 6)
                 """,
                Cancel);
            await context.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO workers (name, host, version, contract, environments, room, draining, started_at, lease_until)
                 VALUES ('worker-a', 'h', '1', 4, '[]', 11, {false}, 1, {long.MaxValue})
                 """,
                Cancel);
        }

        await process.MigrateStorageAsync(Cancel);

        var row = (await process.GetRequiredService<InstanceDirectory>().FindLivingAsync("someone", "mine", Cancel))!;
        (row.EpisodeId, row.Owner, row.Epoch, row.NextStep, row.LastUsedAt).ShouldBe((7, "worker-a", 3, 2, 5));
        row.Params.ShouldBe([1, 0, 2]);
        var entry = (await process.GetRequiredService<EpisodeReader>().FindCommandAsync("someone", "c", Cancel))!;
        (entry.EpisodeId, entry.Step, entry.Terminated).ShouldBe((7, 1, true));
        entry.Answer.ShouldBe([9]);
        (await process.GetRequiredService<WorkerDirectory>().FindLivingAsync("worker-a", Cancel))!.FreeSlots.ShouldBe(11);
        (await process.GetRequiredService<EpisodeJournal>().AppendAsync(Rows.Step(row, 2), Cancel)).ShouldBe(JournalVerdict.Committed);
    }
}
