using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.WebShop;

namespace SandQueue.Environments.Tests.WebShop;

/// <summary>Every step of every recorded episode, in both observation modes.</summary>
public sealed class GoldenEpisodeTests
{
    private static readonly string[] Modes = ["text", "text_rich"];

    [Fact]
    public void Every_step_of_every_episode_equals_the_original()
    {
        var environment = Golden.Environment();
        var differences = new List<string>();
        var steps = 0;
        foreach (var episode in Golden.Lines().Where(line => line.GetProperty("kind").GetString() == "episode"))
        {
            foreach (var mode in Modes) steps += Compare(environment, episode, mode, differences);
        }

        steps.ShouldBe(2 * 2371);
        differences.ShouldBeEmpty();
    }

    private static int Compare(WebShopEnvironment environment, JsonElement episode, string mode, List<string> differences)
    {
        var task = episode.GetProperty("goal_index").GetInt32().ToString(CultureInfo.InvariantCulture);
        using var parameters = JsonDocument.Parse($$"""{"observation_mode":"{{mode}}"}""");
        using var instance = environment.Create(task, new EpisodeParameters(parameters.RootElement.Clone()));
        var opening = instance.Opening;
        if (mode == "text" && opening.User != episode.GetProperty("first").GetString()) differences.Add($"{task}: {opening.User}");
        if (opening.Info!["instruction"]!.GetValue<string>() != episode.GetProperty("goal").GetProperty("instruction_text").GetString()) differences.Add($"{task}: instruction");

        var count = 0;
        foreach (var step in episode.GetProperty("steps").EnumerateArray())
        {
            var action = step.GetProperty("action").GetString()!;
            var result = instance.Step(new AgentAction(action, []), CancellationToken.None);
            var expected = step.GetProperty(mode == "text" ? "obs" : "rich");
            Expect(expected.ValueKind == JsonValueKind.Null || result.Observation == expected.GetString(), "observation");
            Expect(result.Reward.Equals(step.GetProperty("reward").GetDouble()), "reward");
            Expect(result.IsTerminated == step.GetProperty("done").GetBoolean(), "end");
            Expect(Same(result.Info!["available_actions"], step.GetProperty("available")), "available actions");
            Expect(result.Info!["url"]!.GetValue<string>() == step.GetProperty("url").GetString(), "url");
            count++;

            void Expect(bool equal, string what)
            {
                if (!equal) differences.Add($"{task} step {count} {action}: {what}");
            }
        }

        if (!SameParts(instance.Evaluate(default), episode.GetProperty("final_info"))) differences.Add($"{task}: parts of the reward");
        return count;
    }

    private static bool SameParts(Evaluation evaluation, JsonElement parts)
    {
        if (parts.ValueKind == JsonValueKind.Null) return evaluation.Score == 0 && !evaluation.Details["purchased"]!.GetValue<bool>();
        var names = evaluation.Details.Select(part => part.Key).Where(name => name[1] == '_' || name is "query_match" or "category_match" or "title_score");
        return parts.EnumerateObject().Select(part => part.Name).SequenceEqual(names)
            && parts.EnumerateObject().All(part => Same(evaluation.Details[part.Name], part.Value));
    }

    private static bool Same(JsonNode? ours, JsonElement theirs) => JsonElement.DeepEquals(JsonSerializer.SerializeToElement(ours), theirs);
}
