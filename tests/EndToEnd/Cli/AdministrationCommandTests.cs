using System.Text.Json;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Cli;

/// <summary>Keys, workers and the doctor by the command line.</summary>
public sealed class AdministrationCommandTests
{
    [Fact]
    public async Task Keys_are_issued_used_listed_and_revoked()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "one=key-one").With("SANDQUEUE_ADMIN_KEYS", "root=admin-key"));
        var admin = new Sandqueue(program.Address, "admin-key");

        var issued = await admin.JsonAsync("keys", "create", "anna", "--name", "laptop", "--days", "3");
        var anna = new Sandqueue(program.Address, issued.GetProperty("key").GetString());
        (await anna.LinesAsync("envs")).ShouldContain(line => line.StartsWith("frozenlake\t", StringComparison.Ordinal));
        (await anna.RefusedAsync(4, "keys", "list")).ShouldStartWith("sandqueue: ");
        (await new Sandqueue(program.Address).RefusedAsync(4, "envs")).ShouldContain("give a key by --key-file");

        var id = issued.GetProperty("id").GetString()!;
        (await admin.LinesAsync("keys", "list", "--tenant", "anna")).ShouldContain(line => line.StartsWith($"{id}\tanna\tlaptop\tuse\t", StringComparison.Ordinal));
        await admin.LinesAsync("keys", "revoke", id);
        (await admin.LinesAsync("keys", "list")).ShouldContain(line => line.Contains("revoked", StringComparison.Ordinal));
        await Until.TrueAsync("the key is refused", async () => (await anna.RunAsync("envs")).Code == 4, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_doctor_finds_a_gateway_well_and_says_what_to_do_about_one_that_is_away()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var cli = new Sandqueue(program.Address);
        (await cli.LinesAsync("doctor", "--json")).Select(line => JsonElement.Parse(line).GetProperty("state").GetString()).ShouldAllBe(state => state == "ok");
        (await cli.LinesAsync("workers")).Length.ShouldBe(2);
        (await cli.LinesAsync("tasks", "frozenlake", "--split", "val", "--limit", "2")).ShouldBe(["4x4-1000000", "4x4-slippery-1000000"]);
        await program.EndAsync();

        var (code, lines, _) = await cli.RunAsync("doctor");
        code.ShouldBe(3);
        lines.ShouldContain(line => line.Contains("dotnet run --project src/Gateway", StringComparison.Ordinal));
        (await cli.RefusedAsync(3, "envs")).ShouldContain("cannot be reached");
    }
}
