using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.OpenEnv.Episodes;

/// <summary>What a reset asks for.</summary>
/// <param name="Seed">Decides everything random, and the task where none is named; null leaves it to the gateway.</param>
/// <param name="EpisodeId">The client's own name for the episode, which the state repeats.</param>
/// <param name="TaskId">The task; null has one chosen by the seed.</param>
/// <param name="Split">The split that a task is chosen of.</param>
/// <param name="InstanceId">The name of a durable session; null for an instance that ends with its connection.</param>
/// <param name="Params">What the environment takes, the exact bytes of a JSON object; empty where there are none.</param>
internal sealed record ResetRequest(long? Seed, string? EpisodeId, string? TaskId, string Split, string? InstanceId, byte[] Params)
{
    private const int LongestEpisodeId = 255;
    private const string UsualSplit = "train";
    private const string Places = "a reset has seed, episode_id, task_id, split and instance_id beside params, and steps have numbers";

    private static readonly string[] Known = ["seed", "episode_id", "task_id", "split", "instance_id", "params"];

    /// <param name="data">The members of the request's <c>data</c>.</param>
    /// <param name="maxParamsBytes">The largest <c>params</c>.</param>
    /// <exception cref="BadRequestException">A member is unknown, or of a wrong type or size.</exception>
    public static ResetRequest Read(JsonFields data, int maxParamsBytes)
    {
        if (data.Unknown(Known) is { } unknown) throw new BadRequestException($"unknown member '{unknown}' of a reset; known are {string.Join(", ", Known)}");
        var seed = data.Whole("seed");
        if (seed < 0) throw new BadRequestException($"seed must be 0 or more, not {seed}");
        if (new JsonFields(data.Object("params")).Names("seed")) throw new BadRequestException("a reset has its seed in the member 'seed', not in params");
        var request = new ResetRequest(
            seed,
            data.Optional("episode_id", LongestEpisodeId),
            data.Optional("task_id"),
            data.Optional("split") ?? UsualSplit,
            data.Optional("instance_id", DurableName.Longest),
            EnvironmentParameters.Read(data, maxParamsBytes, Places));
        return request is { InstanceId: not null, TaskId: null, Seed: null }
            ? throw new BadRequestException("a durable session (instance_id) needs task_id, or seed and split, so that whoever comes back under its name asks for the same")
            : request;
    }
}
