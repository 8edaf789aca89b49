using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;

namespace SandQueue.Rollouts.Requests;

/// <summary>
/// Reads a policy's JSON: <c>{"type":"recorded","actions":[…]}</c>, <c>{"type":"model","base_url",…}</c>, and so on (docs/rollouts.md). Every mistake is one
/// line that names the field.
/// </summary>
public static class PolicyReading
{
    private const int LongestName = 200;
    private const int MostSteps = 1_000_000;

    private static readonly TimeSpan LongestPlay = TimeSpan.FromDays(7);

    private static readonly string[] Common = ["type", "version", "max_steps", "timeout_s"];

    /// <param name="policy">The policy.</param>
    /// <param name="path">Its name in errors.</param>
    /// <exception cref="RolloutRequestException">It cannot be played.</exception>
    public static PolicyRequest Read(JsonElement policy, string path = "policy")
    {
        var fields = new RequestFields(policy, path);
        var type = fields.Text("type", LongestName) ?? throw new RolloutRequestException($"{path}.type is required; known are {string.Join(", ", PolicyTypes.All)}");
        PolicyRequest read = type switch
        {
            PolicyTypes.Nothing => Known(fields, new NothingRequest()),
            PolicyTypes.Gold => Known(fields, new GoldRequest()),
            PolicyTypes.Random => Known(fields, new RandomRequest(fields.Integer("seed", long.MinValue, long.MaxValue) ?? 0), "seed"),
            PolicyTypes.Recorded => Known(fields, RecordedReading.Read(fields, path), "actions"),
            PolicyTypes.Model => Known(fields, ModelReading.Read(fields, path), ModelReading.Names),
            PolicyTypes.Replay or PolicyTypes.Rescore => Known(fields, ReplayReading.Replay(fields, path, type), ReplayReading.Names),
            PolicyTypes.Fork => Known(fields, ReplayReading.Fork(fields, path), ReplayReading.ForkNames),
            _ => throw new RolloutRequestException($"{path}.type cannot be '{OneLine.Of(type, 60)}'; {NearName.Hint(OneLine.Of(type, 60), PolicyTypes.All, near => near)}"),
        };
        return read with
        {
            Version = fields.Text("version", LongestName),
            MaxSteps = (int?)fields.Integer("max_steps", 1, MostSteps),
            Timeout = fields.Seconds("timeout_s", LongestPlay),
        };
    }

    private static T Known<T>(RequestFields fields, T read, params string[] own)
    {
        fields.Require([.. Common, .. own]);
        return read;
    }
}
