using SandQueue.Contracts;

namespace SandQueue.Routing.Observation.Latency;

/// <summary>The verbs whose latency is counted: those that trainers wait for.</summary>
internal static class LatencyVerb
{
    public const int Count = 4;

    /// <summary>The place of <c>create</c>.</summary>
    public const int Create = 0;

    /// <summary>The place of <c>step</c>.</summary>
    public const int Step = 1;

    private const int None = -1;

    /// <summary>Their names, in the order of an episode.</summary>
    public static readonly IReadOnlyList<string> Names = ["create", "step", "evaluate", "release"];

    /// <summary>The place of a command's verb; below 0 where it is not counted.</summary>
    public static int Of(Command command) => command switch
    {
        StepInstance => Step,
        CreateInstance => Create,
        EvaluateInstance => 2,
        ReleaseInstance => 3,
        _ => None,
    };
}
