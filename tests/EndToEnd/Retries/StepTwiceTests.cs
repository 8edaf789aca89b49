using System.Net;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Retries;

/// <summary>The ways a caller can protect a step that it may send twice.</summary>
public sealed class StepTwiceTests(SharedProgram shared)
{
    private Caller Caller => shared.Caller;

    [Fact]
    public async Task A_header_with_a_key_of_the_callers_own()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        var first = await Caller.StepAsync(instance, "right", idempotencyKey: $"{instance}/1");
        var again = await Caller.StepAsync(instance, "right", idempotencyKey: $"{instance}/1");
        first.Data.StepNumber().ShouldBe(1);
        again.Body.ShouldBe(first.Body);

        (await Caller.StepAsync(instance, "left", idempotencyKey: $"{instance}/1")).DetailOf(HttpStatusCode.Conflict).ShouldContain("used before");
        (await Caller.StepAsync(instance, "left", idempotencyKey: $"{instance}/2")).Data.StepNumber().ShouldBe(2);
    }

    [Fact]
    public async Task A_key_means_one_command_and_never_answers_for_another_instance()
    {
        var first = await Caller.CreatedAsync("frozenlake", "4x4-0");
        var second = await Caller.CreatedAsync("frozenlake", "8x8-0");
        await Caller.StepAsync(first, "left", idempotencyKey: $"{first}/shared");
        (await Caller.StepAsync(second, "left", idempotencyKey: $"{first}/shared")).DetailOf(HttpStatusCode.Conflict).ShouldContain("used before");
        (await Caller.StepAsync(second, "left")).Data.StepNumber().ShouldBe(1);
        (await Caller.PostAsync("/evaluate", $$"""{"instance_id":"{{first}}"}""", $"{first}/shared")).DetailOf(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_same_key_inside_of_params()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        var parameters = $$"""{"_command_id":"{{instance}}/1"}""";
        var first = await Caller.StepAsync(instance, "right", parameters);
        (await Caller.StepAsync(instance, "right", parameters)).Body.ShouldBe(first.Body);
        (await Caller.StepAsync(instance, "up", parameters)).DetailOf(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_number_of_the_step()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        var first = await Caller.StepAsync(instance, "right", """{"_step":1}""");
        (await Caller.StepAsync(instance, "right", """{"_step":1}""")).Body.ShouldBe(first.Body);
        (await Caller.StepAsync(instance, "up", """{"_step":1}""")).DetailOf(HttpStatusCode.Conflict).ShouldContain("another action");
        (await Caller.StepAsync(instance, "right", """{"_step":3}""")).DetailOf(HttpStatusCode.Conflict).ShouldContain("the next step");
        (await Caller.StepAsync(instance, "right", """{"_step":2}""")).Data.StepNumber().ShouldBe(2);
    }

    [Fact]
    public async Task The_last_step_of_an_episode_may_be_sent_again_too()
    {
        var instance = await Caller.CreatedAsync("faulty", "plain");
        var last = await Caller.StepAsync(instance, "end", """{"_step":1}""");
        (await Caller.StepAsync(instance, "end", """{"_step":1}""")).Body.ShouldBe(last.Body);
    }

    [Fact]
    public async Task The_same_key_many_times_at_once_takes_one_step()
    {
        var instance = await Caller.CreatedAsync("faulty", "plain");
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Caller.StepAsync(instance, "slow 50ms", idempotencyKey: $"{instance}/1")));
        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        answers.Select(answer => answer.Body).Distinct().ShouldHaveSingleItem();
        (await Caller.StepAsync(instance, "count")).Data.StepNumber().ShouldBe(2);
    }

    [Fact]
    public async Task Without_any_of_them_a_step_counts_each_time()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        await Caller.StepAsync(instance, "left");
        (await Caller.StepAsync(instance, "left")).Data.StepNumber().ShouldBe(2);
    }

    [Fact]
    public async Task A_key_protects_an_evaluation_and_a_release_too()
    {
        var instance = await Caller.CreatedAsync("faulty_evaluate", "plain");
        await Caller.StepAsync(instance, "count");
        var evaluation = $$"""{"instance_id":"{{instance}}"}""";
        var first = await Caller.PostAsync("/evaluate", evaluation, $"{instance}/score");
        (await Caller.PostAsync("/evaluate", evaluation, $"{instance}/score")).Body.ShouldBe(first.Body);
        first.Status.ShouldBe(HttpStatusCode.OK);
    }
}
