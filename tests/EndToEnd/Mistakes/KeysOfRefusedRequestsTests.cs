using System.Net;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Mistakes;

/// <summary>A request that was refused with 400 leaves its idempotency key to the request that its caller sends next, whoever refused it.</summary>
public sealed class KeysOfRefusedRequestsTests(SharedProgram shared)
{
    private Caller Caller => shared.Caller;

    [Theory]
    [InlineData("not JSON", """{"env_type":"faulty",""")]
    [InlineData("no task", """{"env_type":"faulty"}""")]
    [InlineData("a name that is no text", """{"env_type":"faulty","task_id":"plain","instance_id":5}""")]
    [InlineData("a limit below 1", """{"env_type":"faulty","task_id":"plain","params":{"_timeout_ms":0}}""")]
    [InlineData("a name of the surface that it does not have", """{"env_type":"faulty","task_id":"plain","params":{"_timeout":1}}""")]
    [InlineData("an environment that nobody serves", """{"env_type":"chess","task_id":"plain"}""")]
    [InlineData("a step limit that the worker refuses", """{"env_type":"faulty","task_id":"plain","params":{"max_steps":0}}""")]
    [InlineData("a task that the environment does not have", """{"env_type":"faulty","task_id":"plane"}""")]
    [InlineData("a task that the environment refuses", """{"env_type":"faulty","task_id":"refuse-create"}""")]
    [InlineData("a parameter that the environment does not have", """{"env_type":"faulty","task_id":"plain","params":{"max_step":3}}""")]
    [InlineData("a value that the environment refuses", """{"env_type":"faulty","task_id":"plain","params":{"seed":"one"}}""")]
    public async Task The_fixed_create_is_made_under_the_same_key(string what, string wrong)
    {
        var key = $"create: {what}";
        (await Caller.PostAsync("/create", wrong, key)).DetailOf(HttpStatusCode.BadRequest);
        (await Caller.PostAsync("/create", wrong, key)).DetailOf(HttpStatusCode.BadRequest);

        const string right = """{"env_type":"faulty","task_id":"plain","params":{"max_steps":3}}""";
        var made = await Caller.PostAsync("/create", right, key);

        made.Status.ShouldBe(HttpStatusCode.OK, made.Body);
        (await Caller.PostAsync("/create", right, key)).Body.ShouldBe(made.Body, "now the key is used");
        (await Caller.PostAsync("/create", right.Replace(":3", ":4", StringComparison.Ordinal), key)).DetailOf(HttpStatusCode.Conflict).ShouldContain(key);
    }

    [Theory]
    [InlineData("not JSON", "{")]
    [InlineData("no message", """{"instance_id":"NAME","messages":{}}""")]
    [InlineData("a message that is text", """{"instance_id":"NAME","messages":"echo a"}""")]
    [InlineData("content of another type", """{"instance_id":"NAME","messages":{"role":"assistant","content":5}}""")]
    [InlineData("a number that is text", """{"instance_id":"NAME","messages":{"role":"assistant","content":"echo a"},"params":{"_step":"1"}}""")]
    [InlineData("an action that the environment refuses", """{"instance_id":"NAME","messages":{"role":"assistant","content":"refuse"}}""")]
    [InlineData("a mark that the environment refuses", """{"instance_id":"NAME","messages":{"role":"assistant","content":"crash-once ../x"}}""")]
    public async Task The_fixed_step_is_taken_under_the_same_key(string what, string wrong)
    {
        var instance = await Caller.CreatedAsync("faulty", "plain");
        var key = $"step: {what}";
        wrong = wrong.Replace("NAME", instance, StringComparison.Ordinal);
        (await Caller.PostAsync("/step", wrong, key)).DetailOf(HttpStatusCode.BadRequest);
        (await Caller.PostAsync("/step", wrong, key)).DetailOf(HttpStatusCode.BadRequest);

        var taken = await Caller.StepAsync(instance, "count", idempotencyKey: key);

        taken.Data.StepNumber().ShouldBe(1);
        (await Caller.StepAsync(instance, "count", idempotencyKey: key)).Body.ShouldBe(taken.Body, "now the key is used");
        (await Caller.StepAsync(instance, "count")).Data.Observation().ShouldBe("steps 2, evaluations 0");
    }

    [Theory]
    [InlineData("not JSON", "[")]
    [InlineData("no instance", "{}")]
    [InlineData("params that are a list", """{"instance_id":"NAME","params":[]}""")]
    [InlineData("messages that are text", """{"instance_id":"NAME","messages":"x"}""")]
    [InlineData("a value that the environment refuses", """{"instance_id":"NAME","params":{"sparse":"yes"}}""")]
    public async Task The_fixed_evaluation_is_made_under_the_same_key(string what, string wrong)
    {
        var instance = await Caller.CreatedAsync("faulty_evaluate", "plain");
        var key = $"evaluate: {what}";
        wrong = wrong.Replace("NAME", instance, StringComparison.Ordinal);
        (await Caller.PostAsync("/evaluate", wrong, key)).DetailOf(HttpStatusCode.BadRequest);
        (await Caller.PostAsync("/evaluate", wrong, key)).DetailOf(HttpStatusCode.BadRequest);

        var right = $$$"""{"instance_id":"{{{instance}}}","params":{"sparse":true}}""";
        var made = await Caller.PostAsync("/evaluate", right, key);

        made.Status.ShouldBe(HttpStatusCode.OK, made.Body);
        (await Caller.PostAsync("/evaluate", right, key)).Body.ShouldBe(made.Body, "now the key is used");
        (await Caller.StepAsync(instance, "count")).Data.Observation().ShouldBe("steps 1, evaluations 1");
    }

    [Theory]
    [InlineData("not JSON", "x")]
    [InlineData("no instance", """{"instance_id":null}""")]
    [InlineData("a name that is no text", """{"instance_id":["NAME"]}""")]
    [InlineData("a limit below 1", """{"instance_id":"NAME","params":{"_timeout_ms":-1}}""")]
    public async Task The_fixed_release_is_made_under_the_same_key(string what, string wrong)
    {
        var instance = await Caller.CreatedAsync("faulty", "plain");
        var key = $"release: {what}";
        (await Caller.PostAsync("/release", wrong.Replace("NAME", instance, StringComparison.Ordinal), key)).DetailOf(HttpStatusCode.BadRequest);

        (await Caller.PostAsync("/release", $$"""{"instance_id":"{{instance}}"}""", key)).Json.GetProperty("success").GetBoolean().ShouldBeTrue();

        (await Caller.StepAsync(instance, "count")).DetailOf(HttpStatusCode.NotFound).ShouldContain("was released");
    }

    [Fact]
    public async Task A_key_in_params_is_left_over_too()
    {
        var wrong = await Caller.CreateAsync("faulty", "plane", parameters: """{"_command_id":"create: in params"}""");
        wrong.DetailOf(HttpStatusCode.BadRequest);

        (await Caller.CreateAsync("faulty", "plain", parameters: """{"_command_id":"create: in params"}""")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
