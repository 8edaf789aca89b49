using System.Text;
using System.Text.Json;
using CsCheck;
using SandQueue.Contracts;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Results;
using SandQueue.Rollouts.Settings;
using SandQueue.Rollouts.Tests.Play;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Tests.Policies;

public sealed class GoldAndRandomPolicyTests
{
    private static readonly JsonElement Tool = JsonElement.Parse("""
        {"type":"function","function":{"name":"move","parameters":{"type":"object","required":["to","how"],"properties":{
        "to":{"type":"string","enum":["left","right"]},"how":{"type":"array","items":{"type":"integer","minimum":3,"maximum":5},"minItems":1},"deep":{"type":"dict","properties":{"on":{"type":"boolean"}}}}}}}
        """);

    [Fact]
    public async Task Gold_asks_again_where_its_list_is_over_and_stops_where_nothing_is_known()
    {
        var solutions = new Solutions(["one", "two"], ["three"], []);

        var result = await PlayAsync(new FakeFarm { Length = 9 }, solutions, new FakeRecord(), TestContext.Current.CancellationToken);

        (result.End, result.Reward, result.EndReason, solutions.Asked).ShouldBe((CommandEnd.Completed, 3, "solution_over", 3));
    }

    /// <summary>The solution goes from the state as it stands: asked again after a step was taken it would be for other steps.</summary>
    [Theory]
    [InlineData(":1", 3)]
    [InlineData(":2", 3)]
    [InlineData(":3", 3)]
    [InlineData(":evaluate", 4)]
    public async Task A_worker_that_goes_on_plays_the_solutions_that_were_recorded_and_asks_for_none_twice(string diesAt, int asked)
    {
        var (farm, record) = (new FakeFarm { Length = 9 }, new FakeRecord());
        var solutions = new Solutions(["one", "two"], ["three"], []);
        using var worker = new CancellationTokenSource();
        farm.Answer(diesAt, async () =>
        {
            await worker.CancelAsync();
            return new CommandOutcome.Unknown();
        });
        await Should.ThrowAsync<OperationCanceledException>(PlayAsync(farm, solutions, record, worker.Token));

        var result = await PlayAsync(farm, solutions, record, TestContext.Current.CancellationToken);

        (result.End, result.Reward, result.EndReason, farm.Steps).ShouldBe((CommandEnd.Completed, 3, "solution_over", 3));
        farm.Sent.OfType<StepInstance>().DistinctBy(step => step.CommandId).Select(step => JsonElement.Parse(step.Action).GetProperty("content").GetString()).ShouldBe(["one", "two", "three"]);
        record.Turns.Keys.ShouldBe([1, 3]);
        solutions.Asked.ShouldBe(asked, "only where nothing was known is it asked again");
    }

    [Fact]
    public async Task What_is_drawn_has_the_form_of_the_tools_and_depends_on_seed_task_member_and_step_alone()
    {
        var first = await DrawAsync(1, "t", 0, 1);

        (await DrawAsync(1, "t", 0, 1)).ShouldBe(first);
        var others = new[] { await DrawAsync(2, "t", 0, 1), await DrawAsync(1, "u", 0, 1), await DrawAsync(1, "t", 1, 1), await DrawAsync(1, "t", 0, 2) };
        others.Distinct().Count().ShouldBeGreaterThan(2);
        for (var step = 1; step < 50; step++)
        {
            var call = JsonElement.Parse(await DrawAsync(1, "t", 0, step)).GetProperty("tool_calls")[0];
            call.GetProperty("function").GetProperty("name").GetString().ShouldBe("move");
            var arguments = JsonElement.Parse(call.GetProperty("function").GetProperty("arguments").GetString()!);
            arguments.GetProperty("to").GetString().ShouldBeOneOf("left", "right");
            arguments.GetProperty("how").EnumerateArray().ShouldAllBe(number => number.GetInt32() >= 3 && number.GetInt32() <= 5);
        }
    }

    [Fact]
    public void A_schema_of_whatever_form_is_drawn_from()
    {
        var schemas = Gen.OneOf(new[]
        {
            "null", "{}", "7", """{"type":7}""", """{"type":[]}""", """{"type":["null","string"]}""", """{"enum":[]}""", """{"enum":[{"a":1}]}""", """{"const":null}""", """{"anyOf":[{"type":"integer"},7]}""",
            """{"type":"integer","minimum":9e14,"maximum":-5}""", """{"type":"array","minItems":-4,"maxItems":1e9,"items":{"type":"array"}}""", """{"type":"object","properties":[]}""", """{"type":"object","required":[7],"properties":{"a":null}}""",
        }.Select(Gen.Const).ToArray());
        Gen.Select(schemas, Gen.Int).Sample((schema, seed) =>
        {
            var drawn = SchemaDraw.Value(new Environments.Abstractions.Episodes.SeededRandom($"{seed}"), JsonElement.Parse(schema));
            _ = drawn?.ToJsonString();
        });
    }

    private static async Task<RolloutResult> PlayAsync(FakeFarm farm, Solutions solutions, FakeRecord record, CancellationToken cancellationToken)
    {
        using var http = new EndpointHttp(new EndpointAddresses(new EndpointOptions()), new EndpointOptions());
        var policies = new PolicyFactory(new ChatEndpoint(http, new EndpointOptions(), TimeProvider.System), solutions);
        return await Playing.Player(farm, policies: policies).PlayAsync(Playing.Assignment("""{"type":"gold"}"""), record, cancellationToken);
    }

    private static async Task<string> DrawAsync(long seed, string task, int member, int step)
    {
        var policy = new RandomPolicy(seed, new PolicySubject("tenant", "env", task, member, null));
        var turn = await policy.DecideAsync(new PolicyEpisode("i", task, [], [Tool], step, []), TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(turn.Action!);
    }

    private sealed class Solutions(params string[][] answers) : ISolutionSource
    {
        public int Asked { get; private set; }

        public Task<Solution> FindAsync(string tenant, string instanceId, TimeSpan remaining, CancellationToken cancellationToken)
        {
            (tenant, instanceId).ShouldBe(("tenant", "rollout-r7-1"));
            return Task.FromResult(new Solution([.. answers[Math.Min(Asked++, answers.Length - 1)].Select(text => Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":"{{text}}"}"""))], 1));
        }
    }
}
