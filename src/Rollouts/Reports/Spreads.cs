namespace SandQueue.Rollouts.Reports;

/// <summary>The numbers of valid rollouts whose distributions a report shows.</summary>
internal sealed class Spreads
{
    public List<double> Rewards { get; } = [];

    public List<double> Steps { get; } = [];

    public List<double> PromptTokens { get; } = [];

    public List<double> CompletionTokens { get; } = [];

    public List<double> DurationMs { get; } = [];

    public List<double> PolicyMs { get; } = [];

    public List<double> EnvironmentMs { get; } = [];

    public void Add(ReportedRollout rollout, double reward)
    {
        Rewards.Add(reward);
        Steps.Add(rollout.Steps);
        AddKnown(PromptTokens, rollout.PromptTokens);
        AddKnown(CompletionTokens, rollout.CompletionTokens);
        AddKnown(DurationMs, rollout.DurationMs);
        AddKnown(PolicyMs, rollout.PolicyMs);
        AddKnown(EnvironmentMs, rollout.EnvironmentMs);
    }

    private static void AddKnown(List<double> values, double? value)
    {
        if (value is { } known && double.IsFinite(known)) values.Add(known);
    }
}
