using System.Net;
using System.Text.Json;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Security;

/// <summary>Keys that are made, listed and revoked on the command line and by the routes of the real program.</summary>
public sealed class IssuedKeyTests
{
    private const string Profile = """{"env_type":"frozenlake"}""";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly (string Body, string Told)[] WrongRequests =
    [
        ("""{"name":"x"}""", "tenant is required"),
        ("""{"tenant":"a b"}""", "a tenant's name has 1 to 64"),
        ("""{"tenant":"a","scope":"all"}""", "there is use, read and admin"),
        ("""{"tenant":"a","days":0}""", "1 to 3650 days, not 0"),
        ("""{"tenant":"a","day":1}""", "there is no member 'day'"),
        ("""{"tenant":"a","name":"x\ty"}""", "no control characters"),
        ("[]", "must be a JSON object"),
    ];

    private static readonly (string Words, string Told)[] WrongCommands =
    [
        ("keys", "keys does not know what to do"),
        ("keys make anna", "keys does not know what to do"),
        ("keys create a$b", "a tenant's name has 1 to 64"),
        ("keys create anna --scope all", "there is no scope 'all'"),
        ("keys create anna --days x", "--days is 'x'"),
        ("keys create anna --day 3", "'--day' is no switch"),
        ("keys revoke abc", "no key 'abc' is good"),
    ];

    [Fact]
    public async Task The_first_key_ends_that_everyone_is_let_in_and_admins_make_the_others()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        (await program.Caller.PostAsync("/get_env_profile", Profile)).Status.ShouldBe(HttpStatusCode.OK);

        using var admin = program.CallerWithKey(await MakeAsync(program, "operator", "--scope", "admin", "--name", "first"));
        (await admin.PostAsync("/get_env_profile", Profile)).Status.ShouldBe(HttpStatusCode.OK);
        await Until.TrueAsync("a key is needed", async () => (await program.Caller.PostAsync("/get_env_profile", Profile)).Status == HttpStatusCode.Unauthorized, Limit);

        var made = (await admin.PostAsync("/admin/keys", """{"tenant":"anna","name":"laptop","days":30}""")).Json.GetProperty("data");
        made.GetProperty("scope").GetString().ShouldBe("use");
        using var anna = program.CallerWithKey(made.GetProperty("key").GetString()!);
        (await anna.CreateAsync("frozenlake", "4x4-0", "lake")).Status.ShouldBe(HttpStatusCode.OK, "good at once");
        (await anna.StepAsync("lake", "left")).Status.ShouldBe(HttpStatusCode.OK);
        (await anna.GetAsync("/admin/keys")).DetailOf(HttpStatusCode.Forbidden).ShouldContain("an admin key is needed here");
        (await admin.StepAsync("lake", "left")).DetailOf(HttpStatusCode.NotFound).ShouldContain("there is no instance");

        var listed = (await admin.GetAsync("/admin/keys?tenant=anna")).Json.GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        listed.TryGetProperty("key", out _).ShouldBeFalse();
        listed.TryGetProperty("hash", out _).ShouldBeFalse();
        var id = listed.GetProperty("id").GetString();
        (await program.RunBesideAsync("keys", "list")).Output.ShouldContain($"{id}  anna ");

        (await SendAsync(admin, HttpMethod.Delete, $"/admin/keys/{id}")).Status.ShouldBe(HttpStatusCode.OK);
        await Until.TrueAsync("it is refused", async () => (await anna.StepAsync("lake", "left")).Status == HttpStatusCode.Unauthorized, Limit);
        (await SendAsync(admin, HttpMethod.Delete, $"/admin/keys/{id}")).DetailOf(HttpStatusCode.NotFound).ShouldContain("no key");
    }

    [Fact]
    public async Task A_key_that_may_only_read_changes_nothing()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "anna=key-of-anna"));
        using var anna = program.CallerWithKey("key-of-anna");
        await anna.CreateAsync("frozenlake", "4x4-0", "lake");
        using var reader = program.CallerWithKey(await MakeAsync(program, "anna", "--scope", "read"));

        (await reader.PostAsync("/get_env_profile", Profile)).Status.ShouldBe(HttpStatusCode.OK);
        (await reader.PostAsync("/get_info", """{"instance_id":"lake"}""")).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var answer in (Answer[])[await reader.CreateAsync("frozenlake", "4x4-0"), await reader.StepAsync("lake", "left"), await reader.EvaluateAsync("lake"), await reader.ReleaseAsync("lake")])
        {
            answer.DetailOf(HttpStatusCode.Forbidden).ShouldBe("this key may only read: tasks, information, recorded episodes");
        }

        (await anna.StepAsync("lake", "left")).Data.StepNumber().ShouldBe(1);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_for_a_key_or_with_a_command_is_one_line()
    {
        // Without keys whoever is on this machine may do all.
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        foreach (var (body, told) in WrongRequests) (await program.Caller.PostAsync("/admin/keys", body)).DetailOf(HttpStatusCode.BadRequest).ShouldContain(told);
        (await program.Caller.GetAsync("/admin/keys")).Json.GetProperty("data").GetArrayLength().ShouldBe(0);

        foreach (var (words, told) in WrongCommands)
        {
            var (exitCode, _, errors) = await program.RunBesideAsync(words.Split(' '));
            exitCode.ShouldBe(1);
            errors.TrimEnd('\n').ShouldNotContain("\n");
            errors.ShouldStartWith("sandqueue: ");
            errors.ShouldContain(told);
        }
    }

    private static async Task<string> MakeAsync(RunningProgram program, string tenant, params string[] switches)
    {
        var (exitCode, output, errors) = await program.RunBesideAsync(["keys", "create", tenant, .. switches]);
        exitCode.ShouldBe(0, errors);
        errors.ShouldContain($"of tenant {tenant}. It is shown this once:");
        return output.Trim();
    }

    private static async Task<Answer> SendAsync(Caller caller, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        return await caller.SendAsync(request);
    }
}
