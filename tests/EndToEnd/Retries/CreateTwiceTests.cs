using System.Net;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Retries;

/// <summary>Clients send a Create again with the same instance_id and train on what they get.</summary>
public sealed class CreateTwiceTests(SharedProgram shared)
{
    private Caller Caller => shared.Caller;

    [Fact]
    public async Task The_same_again_gets_the_first_answer()
    {
        var first = await Caller.CreateAsync("frozenlake", "4x4-0", "twice", """{"seed":1}""");
        await Caller.StepAsync("twice", "right");
        var again = await Caller.CreateAsync("frozenlake", "4x4-0", "twice", """{"seed":1}""");
        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Body.ShouldBe(first.Body);
        (await Caller.StepAsync("twice", "left")).Data.StepNumber().ShouldBe(2);
    }

    [Fact]
    public async Task The_same_many_times_at_once_makes_one_instance()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Caller.CreateAsync("frozenlake", "8x8-0", "at once")));
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        answers.Select(answer => answer.Body).Distinct().ShouldHaveSingleItem();
        (await Caller.ReleaseAsync("at once")).Json.GetProperty("success").GetBoolean().ShouldBeTrue();
        (await Caller.ReleaseAsync("at once")).Json.GetProperty("success").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("frozenlake", "4x4-1", """{"seed":1}""")]
    [InlineData("frozenlake", "4x4-0", """{"seed":2}""")]
    [InlineData("frozenlake", "4x4-0", "{}")]
    [InlineData("countdown", "4-17", """{"seed":1}""")]
    public async Task Another_content_is_refused_while_the_name_lives(string environment, string task, string parameters)
    {
        var name = $"taken {environment} {task} {parameters.Length}";
        await Caller.CreateAsync("frozenlake", "4x4-0", name, """{"seed":1}""");
        (await Caller.CreateAsync(environment, task, name, parameters)).DetailOf(HttpStatusCode.Conflict).ShouldContain("lives already");

        await Caller.ReleaseAsync(name);
        (await Caller.CreateAsync(environment, task, name, parameters)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_that_could_not_be_made_can_be_tried_again()
    {
        (await Caller.CreateAsync("faulty", "refuse-create", "tried")).DetailOf(HttpStatusCode.BadRequest);
        (await Caller.CreateAsync("faulty", "plain", "tried")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_idempotency_key_protects_a_create_without_a_name()
    {
        const string body = """{"env_type":"frozenlake","task_id":"4x4-0"}""";
        var first = await Caller.PostAsync("/create", body, "create-once");
        var again = await Caller.PostAsync("/create", body, "create-once");
        first.Status.ShouldBe(HttpStatusCode.OK);
        again.Body.ShouldBe(first.Body);
        (await Caller.PostAsync("/create", """{"env_type":"frozenlake","task_id":"4x4-1"}""", "create-once"))
            .DetailOf(HttpStatusCode.Conflict).ShouldContain("create-once");
    }
}
