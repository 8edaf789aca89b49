namespace SandQueue.Rollouts.Requests;

/// <summary>Reads the policies that play recorded episodes again.</summary>
internal static class ReplayReading
{
    private const int LongestName = 200;

    public static string[] Names { get; } = ["episode_id", "source_instance_id", "compare"];

    public static string[] ForkNames { get; } = ["episode_id", "source_instance_id", "steps", "then"];

    public static ReplayRequest Replay(RequestFields fields, string path, string type)
    {
        var (episode, instance) = Source(fields, path);
        return new ReplayRequest(type, episode, instance, fields.Flag("compare") ?? true);
    }

    public static ForkRequest Fork(RequestFields fields, string path)
    {
        var (episode, instance) = Source(fields, path);
        var steps = fields.Integer("steps", 0, 1_000_000) ?? throw new RolloutRequestException($"{path}.steps is required: how many of the episode's actions are played again");
        var then = PolicyReading.Read(fields.Find("then") ?? throw new RolloutRequestException($"{path}.then is required: the policy that goes on after them"), $"{path}.then");
        return then is ReplayRequest or ForkRequest
            ? throw new RolloutRequestException($"{path}.then cannot be {then.Type}; a fork goes on with a policy that decides by itself")
            : new ForkRequest(episode, instance, (int)steps, then);
    }

    private static (long? Episode, string? Instance) Source(RequestFields fields, string path) =>
        (fields.Integer("episode_id", 1, long.MaxValue), fields.Text("source_instance_id", LongestName)) switch
        {
            (null, null) => throw new RolloutRequestException($"{path}.episode_id or {path}.source_instance_id is required: the episode that is played again"),
            ({ }, { }) => throw new RolloutRequestException($"{path} has episode_id and source_instance_id; give one of them"),
            var source => source,
        };
}
