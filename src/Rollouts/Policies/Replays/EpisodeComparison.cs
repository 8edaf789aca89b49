using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Policies.Replays;

/// <summary>
/// Compares an episode that was played again with its record, step by step: by the hash of state, reward and end, under the form that the environment declares, and
/// where that differs by what was answered, because another version of the environment may declare another form.
/// </summary>
internal sealed class EpisodeComparison(IRecordedEpisodes episodes)
{
    /// <summary>Differences that are shown; all are counted.</summary>
    private const int MostShown = 20;

    private const int LongestText = 2_000;

    /// <param name="recorded">Create and steps as they are recorded, from step 0.</param>
    /// <param name="observed">Create and steps as they came out now.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>How many were compared, how many differ, and the first of those.</returns>
    public async Task<(int Compared, int Different, JsonArray Shown)> RunAsync(
        IReadOnlyList<RecordedCommand> recorded, IReadOnlyList<RecordedCommand> observed, CancellationToken cancellationToken)
    {
        var (compared, different, shown) = (Math.Min(recorded.Count, observed.Count), 0, new JsonArray());
        for (var at = 0; at < compared; at++)
        {
            var (before, now) = (recorded[at], observed[at]);
            if (before.ObservationHash is { } hash && hash.AsSpan().SequenceEqual(now.ObservationHash)) continue;
            var (old, fresh) = (await ReadAsync(before, cancellationToken), await ReadAsync(now, cancellationToken));
            if (JsonElement.DeepEquals(old.State, fresh.State) && before.Reward == now.Reward && before.Terminated == now.Terminated) continue;
            if (++different <= MostShown) shown.Add(new JsonObject { ["step"] = at, ["recorded"] = Shown(before, old.State), ["observed"] = Shown(now, fresh.State) });
        }

        return (compared, different, shown);
    }

    private async Task<(JsonElement State, int Length)> ReadAsync(RecordedCommand command, CancellationToken cancellationToken)
    {
        var answer = await episodes.ReadAnswerAsync(command, cancellationToken);
        try
        {
            var root = ReadableJson.Element(answer);
            return (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("state", out var state) ? state : default, answer.Length);
        }
        catch (JsonException)
        {
            return (default, answer.Length);
        }
    }

    private static JsonObject Shown(RecordedCommand command, JsonElement state) =>
        new() { ["state"] = Shown(state), ["reward"] = command.Reward, ["is_terminated"] = command.Terminated };

    private static JsonNode? Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Take(MostShown).Select(Shown)]),
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().Take(MostShown).DistinctBy(member => member.Name).Select(member => KeyValuePair.Create(member.Name, Shown(member.Value)))),
        JsonValueKind.String when value.GetString() is { Length: > LongestText } text => $"{OneLine.Beginning(text, LongestText)}… ({text.Length} characters)",
        JsonValueKind.Undefined => null,
        _ => JsonNode.Parse(value.GetRawText()),
    };
}
