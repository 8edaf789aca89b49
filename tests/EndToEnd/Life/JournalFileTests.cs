using System.Runtime.Versioning;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Life;

/// <summary>The data folder: who may read it, and what is said of one that cannot be used.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class JournalFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqt-journal-");

    private string Database => Path.Combine(_folder.FullName, "sandqueue.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Everything_in_it_is_its_users_alone()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        await program.Caller.CreatedAsync("frozenlake", "4x4-0");
        var store = Path.GetDirectoryName(program.Database)!;
        Mode(store).ShouldBe("700");
        var files = Directory.GetFiles(store);
        files.Select(file => Path.GetFileName(file)).ShouldBe(["lock", "rollouts.key", "sandqueue.db", "sandqueue.db-shm", "sandqueue.db-wal"], ignoreOrder: true);
        files.ShouldAllBe(file => Mode(file) == "600");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_one_clear_line()
    {
        await File.WriteAllTextAsync(Database, new string('?', 10_000), TestContext.Current.CancellationToken);
        (await RefusedAsync()).ShouldMatch("the journal .*sandqueue.db is damaged or no journal .*--data");
    }

    [Fact]
    public async Task A_database_that_was_cut_off_is_one_clear_line()
    {
        await using (var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake")))
        {
            await program.Caller.CreatedAsync("frozenlake", "4x4-0");
            await program.EndAsync();
            var whole = await File.ReadAllBytesAsync(program.Database, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(Database, whole[..5000], TestContext.Current.CancellationToken);
        }

        (await RefusedAsync()).ShouldMatch("the journal .*sandqueue.db .*--data");
    }

    [Fact]
    public async Task A_journal_of_a_newer_version_is_one_clear_line()
    {
        await using (var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake")))
        {
            await program.EndAsync();
            File.Copy(program.Database, Database);
        }

        Journal.Query(Database, "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '99.0.0'); SELECT 1");
        (await RefusedAsync()).ShouldMatch("was written by a newer version .*29990101000000_Later.*--data");
    }

    private async Task<string> RefusedAsync()
    {
        var (code, output, errors) = await RunningProgram.RunAsync(
            ["--listen", $"127.0.0.1:{FreePort.Take()}", "--data", _folder.FullName], ProgramSettings.Serving("frozenlake"));
        code.ShouldBe(1);
        output.ShouldBeEmpty();
        return errors.TrimEnd('\n').Split('\n').ShouldHaveSingleItem();
    }

    private static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
