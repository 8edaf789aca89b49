namespace SandQueue.Rollouts.Requests;

/// <summary>The names of the policies there are.</summary>
public static class PolicyTypes
{
    public const string Recorded = "recorded";
    public const string Nothing = "nothing";
    public const string Random = "random";
    public const string Gold = "gold";
    public const string Model = "model";
    public const string Replay = "replay";
    public const string Rescore = "rescore";
    public const string Fork = "fork";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Recorded, Nothing, Random, Gold, Model, Replay, Rescore, Fork];
}
