using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>All 800 official ground truths, played through the environment as an agent would.</summary>
public sealed class GroundTruthEpisodesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_ground_truth_is_rewarded(bool native)
    {
        var environment = RealData.Require();
        var tasks = environment.ListTasks("multi_turn");
        tasks.Count.ShouldBe(800);
        foreach (var task in tasks)
        {
            using var instance = environment.Create(task, EpisodeParameters.None);
            var last = GroundTruthAgent.Play(task, native).Select(action => instance.Step(action, CancellationToken.None)).ToList()[^1];
            (task, last.Observation, last.EndReason, last.Reward).ShouldBe((task, "[CONVERSATION_COMPLETED]", "completed", 1.0));
            instance.Evaluate(default).Score.ShouldBe(1.0, task);
        }
    }

    [Fact]
    public void Every_category_is_served_whole()
    {
        var environment = RealData.Require();
        foreach (var category in OfficialTasks.Categories)
        {
            environment.ListTasks(category).Count.ShouldBe(200);
            environment.ListTasks($"{category}_train").ShouldBe(environment.ListTasks(category).Take(100));
            environment.ListTasks($"{category}_val").ShouldBe(environment.ListTasks(category).Skip(100));
        }
    }

    [Fact]
    public void Withheld_tools_are_offered_from_their_turn_on()
    {
        var environment = RealData.Require();
        foreach (var task in environment.ListTasks("multi_turn_miss_func"))
        {
            using var instance = environment.Create(task, EpisodeParameters.None);
            var before = Names(JsonDocument.Parse(instance.Opening.Tools).RootElement);
            StepResult? handedOut = null;
            foreach (var action in GroundTruthAgent.Play(task, native: true))
            {
                var result = instance.Step(action, CancellationToken.None);
                if (result.Info?["tools"] is not { } tools) continue;
                handedOut.ShouldBeNull();
                handedOut = result;
                var added = Names(JsonElement.Parse(tools.ToJsonString())).Except(before).ToList();
                added.ShouldBe(OfficialTasks.MissedFunctions(task), ignoreOrder: true, task);
                foreach (var name in added)
                {
                    result.Observation.ShouldContain($"\"name\":\"{name}\"");
                    instance.Describe().ShouldContain($"\"name\":\"{name}\"");
                }
            }

            handedOut.ShouldNotBeNull(task);
        }
    }

    private static List<string> Names(JsonElement tools) =>
        [.. tools.EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()!)];
}
