using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Rollouts.Episodes;
using SandQueue.Storage;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Rollouts.Tests.Episodes;

public sealed class EpisodeExportTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-exports-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private ServiceProvider _storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time);
        _storage = services.AddStorage(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "exports.db")}" }).BuildServiceProvider();
        await _storage.MigrateStorageAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        SqliteConnection.ClearAllPools();
        await _folder.RemoveAsync();
    }

    [Theory]
    [InlineData(ExportFormat.Messages)]
    [InlineData(ExportFormat.Verifiers)]
    [InlineData(ExportFormat.Nemo)]
    public async Task An_episode_that_cannot_be_read_is_left_out_and_those_behind_it_come(ExportFormat format)
    {
        await StoreAsync("first", 0);
        await StoreAsync("no list", 0, opening: "{}");
        await StoreAsync("no object", 0, opening: "7");
        await StoreAsync("no json", 0, opening: "{");
        await StoreAsync("last", 1);

        (await LinesAsync(format)).Count.ShouldBe(2);
        (await LinesAsync(ExportFormat.Preferences)).Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task What_did_not_end_well_is_a_failure_to_trainers()
    {
        await StoreAsync("won", 1);
        await StoreAsync("lost", 1, InstanceState.Lost);
        await StoreAsync("diverged", 0, InstanceState.Diverged);

        (await LinesAsync(ExportFormat.Nemo)).Count.ShouldBe(1);
        (await LinesAsync(ExportFormat.NemoFailures)).Select(line => (line.GetProperty("_ng_failure_class").GetString(), line.GetProperty("reward").ValueKind))
            .ShouldBe([("lost", JsonValueKind.Null), ("diverged", JsonValueKind.Null)]);
        (await LinesAsync(ExportFormat.Messages)).Select(line => line.GetProperty("reward").ValueKind).ShouldBe([JsonValueKind.Number, JsonValueKind.Null, JsonValueKind.Null]);
        (await LinesAsync(ExportFormat.Preferences)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_imported_episode_ends_when_it_is_imported()
    {
        await StoreAsync("old", 1);
        using var file = new MemoryStream();
        await foreach (var line in Export().RunAsync(new ExportRequest(ExportFormat.Episodes, new EpisodeFilter("a")), Cancel)) file.Write([.. line, (byte)'\n']);
        file.Position = 0;

        await foreach (var episode in new EpisodeImport(_storage.GetRequiredService<EpisodeImports>(), _time).RunAsync("b", file, Cancel)) episode.IsNew.ShouldBeTrue();

        var head = (await _storage.GetRequiredService<EpisodeExports>().ListAsync(new EpisodeFilter("b"), 0, 10, Cancel)).ShouldHaveSingleItem();
        (head.EndedAt, head.CreatedAt, head.Reward).ShouldBe((_time.GetUtcNow().ToUnixTimeMilliseconds(), 1000, 1));
    }

    private EpisodeExport Export() => new(_storage.GetRequiredService<EpisodeExports>(), _storage.GetRequiredService<EpisodeReader>(), NullLogger<EpisodeExport>.Instance);

    private async Task<List<JsonElement>> LinesAsync(ExportFormat format)
    {
        var lines = new List<JsonElement>();
        await foreach (var line in Export().RunAsync(new ExportRequest(format, new EpisodeFilter("a")), Cancel)) lines.Add(JsonElement.Parse(line));
        return lines;
    }

    private async Task StoreAsync(string name, double reward, InstanceState state = InstanceState.Released, string opening = """{"state":[{"role":"user","content":"Begin."}],"info":{}}""")
    {
        var row = new Instance { Tenant = "a", InstanceId = name, EnvType = "count", TaskId = "t", Params = [], State = state, NextStep = 2, CreatedAt = 1000, EndedAt = 2000, IsEndAnnounced = true };
        JournalEntry[] entries =
        [
            Entry(name, JournalKind.Create, 0, opening),
            Entry(name, JournalKind.Step, 1, """{"state":[{"role":"user","content":"1"}],"reward":0,"is_terminated":true}""", """{"role":"assistant","content":"up"}"""),
            Entry(name, JournalKind.Evaluate, null, "1.0"),
        ];
        entries[2].Reward = reward;
        await _storage.GetRequiredService<EpisodeImports>().StoreAsync(row, entries, Cancel);
    }

    private static JournalEntry Entry(string name, JournalKind kind, int? step, string answer, string action = "") => new()
    {
        Tenant = "a",
        CommandId = $"{name}:{kind}",
        Kind = kind,
        Step = step,
        End = CommandEnd.Completed,
        Action = Encoding.UTF8.GetBytes(action),
        Answer = Encoding.UTF8.GetBytes(answer),
        ObservationHash = kind == JournalKind.Evaluate ? null : new byte[32],
        Worker = "w",
    };
}
