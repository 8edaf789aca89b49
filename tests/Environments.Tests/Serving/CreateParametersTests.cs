using System.Text.Json;

namespace SandQueue.Environments.Tests.Serving;

/// <summary>What callers may set at Create, whatever the environment, and what is said to them about the rest.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class CreateParametersTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("faulty", """{"max_step":3}""", "faulty takes no params.max_step (did you mean max_steps?); there is marks, max_steps, prompt_template, seed")]
    [InlineData("frozenlake", """{"Seed":3}""", "frozenlake takes no params.Seed (did you mean seed?); there is max_steps, prompt_template, seed")]
    [InlineData("frozenlake", """{"marks":"/tmp"}""", "frozenlake takes no params.marks; there is max_steps, prompt_template, seed")]
    [InlineData("frozenlake", """{"":1}""", "frozenlake takes no params.; there is max_steps, prompt_template, seed")]
    [InlineData("frozenlake", """{"a\nb":1}""", "frozenlake takes no params.a\uFFFDb; there is max_steps, prompt_template, seed")]
    [InlineData("frozenlake", """{"\ud800":1}""", "frozenlake takes no params.\\ud800; there is max_steps, prompt_template, seed")]
    [InlineData("faulty", """{"marks":7}""", "params.marks must be a string, not 7")]
    [InlineData("faulty", """{"max_steps":0}""", "params.max_steps must be an integer above 0")]
    [InlineData("faulty", """{"max_steps":2147483648}""", "params.max_steps must be an integer above 0")]
    [InlineData("faulty", """{"max_steps":"3"}""", "params.max_steps must be an integer of at most 64 bits, not \"3\"")]
    [InlineData("faulty", """{"prompt_template":{"sytem":"x"}}""", "there is no params.prompt_template.sytem (did you mean system?); there is system, user")]
    public async Task What_it_does_not_take_is_refused_with_what_it_takes(string environment, string parameters, string said) =>
        (await RefusedAsync(environment, parameters)).ShouldContain(said);

    [Theory]
    [InlineData("""{"_timeout_ms":5000,"_command_id":"a","_step":1}""")]
    [InlineData("""{"is_open_query":true}""")]
    [InlineData("""{"colour":null,"prompt_template":{"sytem":null}}""")]
    [InlineData("""{"seed":7,"max_steps":2147483647,"prompt_template":null}""")]
    public async Task What_clients_send_to_every_environment_is_taken(string parameters)
    {
        foreach (var (environment, task) in ((string, string)[])[("faulty", "plain"), ("frozenlake", "4x4-17"), ("countdown", "3-0")])
        {
            await server.CallAsync("/create", $$"""{"env_type":"{{environment}}","task_id":"{{task}}","params":{{parameters}}}""", Cancel);
        }
    }

    [Fact]
    public async Task A_name_of_a_megabyte_is_refused_in_a_line()
    {
        (await RefusedAsync("faulty", $$"""{"{{new string('x', 1_000_000)}}":1}""")).Length.ShouldBeLessThan(300);
        (await RefusedAsync("faulty", $$$"""{"prompt_template":"{{{{{new string('x', 1_000_000)}}}}}"}""")).Length.ShouldBeLessThan(300);
    }

    [Theory]
    [InlineData(3_000)]
    [InlineData(150_000)]
    public async Task A_template_that_becomes_too_long_is_refused_before_it_is_built(int slots)
    {
        var before = GC.GetTotalAllocatedBytes();
        var detail = await RefusedAsync("frozenlake", $$$"""{"prompt_template":"{{{string.Concat(Enumerable.Repeat("{{rules}}", slots))}}}"}""");
        detail.ShouldBe("params.prompt_template becomes longer than 1048576 bytes with its slots filled; that is the limit, so write a shorter one");
        // The request itself is 1.35 MB; filled it would be 180 MB.
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(60L << 20);
    }

    [Theory]
    [InlineData("\"yes\"")]
    [InlineData("1")]
    [InlineData("[]")]
    public async Task A_sparse_that_is_no_boolean_is_refused(string sparse)
    {
        var id = Guid.NewGuid().ToString("n");
        await server.CallAsync("/create", $$"""{"env_type":"faulty","task_id":"plain","instance_id":"{{id}}"}""", Cancel);
        var (status, body) = await server.PostAsync("/evaluate", $$"""{"instance_id":"{{id}}","params":{"sparse":{{sparse}} } }""", Cancel);
        status.ShouldBe(400, body);
        body.ShouldContain("params.sparse must be true or false, not ");
    }

    private async Task<string> RefusedAsync(string environment, string parameters)
    {
        var task = environment == "faulty" ? "plain" : "4x4-17";
        var (status, body) = await server.PostAsync("/create", $$"""{"env_type":"{{environment}}","task_id":"{{task}}","params":{{parameters}}}""", Cancel);
        status.ShouldBe(400, body[..Math.Min(body.Length, 1000)]);
        using var answer = JsonDocument.Parse(body);
        var detail = answer.RootElement.GetProperty("detail").GetString()!;
        detail.ShouldNotContain("\n");
        return detail;
    }
}
