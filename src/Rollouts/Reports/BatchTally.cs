using System.Runtime.InteropServices;
using SandQueue.Contracts;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports;

/// <summary>
/// Counts the rollouts of a batch, one after the other, and makes the report of what it counted. It keeps some numbers of each rollout and each
/// task, and no rollout.
/// </summary>
/// <param name="successThreshold">From which reward on a rollout is a success.</param>
public sealed class BatchTally(double successThreshold = BatchTally.DefaultThreshold)
{
    /// <summary>A reward of 1 is a success.</summary>
    public const double DefaultThreshold = 1;

    private const int MostGroups = 200;

    /// <summary>End reasons come from environments, which may make them up.</summary>
    private const int MostNames = 50;

    private readonly Dictionary<string, GroupTally> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _endReasons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ends = Enum.GetValues<CommandEnd>().ToDictionary(WireNames.Of, _ => 0, StringComparer.Ordinal);
    private readonly FailureTally _failures = new();
    private readonly ClusteredMean _mean = new();
    private readonly ClusteredMean _onceBegun = new();
    private readonly Spreads _spreads = new();

    private int _ended;
    private int _trainable;
    private (int All, int Valid) _retried;

    /// <summary>Counts a whole batch.</summary>
    public static async Task<BatchReport> ReportAsync(
        BatchFacts batch, IAsyncEnumerable<ReportedRollout> rollouts, double successThreshold = DefaultThreshold, CancellationToken cancellationToken = default)
    {
        var tally = new BatchTally(successThreshold);
        await foreach (var rollout in rollouts.WithCancellation(cancellationToken)) tally.Add(rollout);
        return tally.ToReport(batch);
    }

    /// <summary>Counts one rollout that has its end.</summary>
    public void Add(ReportedRollout rollout)
    {
        _ended++;
        CollectionsMarshal.GetValueRefOrAddDefault(_ends, WireNames.Of(rollout.End), out _)++;
        if (rollout.Attempts > 1) _retried.All++;
        if (rollout.IsTrainable) _trainable++;
        GroupOf(rollout.TaskId).Add(rollout, successThreshold);
        if (rollout is { IsValid: true, Reward: { } reward }) AddValid(rollout, reward);
        else _failures.Add(rollout);
    }

    /// <summary>The report of what was counted.</summary>
    public BatchReport ToReport(BatchFacts batch)
    {
        var rewards = Distribution.Of(_spreads.Rewards);
        var coverage = CoverageOf(batch, rewards);
        var mean = _mean.Estimate();
        return new BatchReport
        {
            Batch = batch,
            IsFinal = batch.State == "closed",
            Notes = ReportNotes.Of(batch, coverage, mean),
            Coverage = coverage,
            Reward = mean,
            SuccessThreshold = successThreshold,
            Pass = PassRates.Of([.. _groups.Values.Where(group => group.Valid > 0).Select(group => (group.Valid, group.Successes))]),
            Categories = PartTally.Of(_groups.Values, group => group.Category),
            Splits = PartTally.Of(_groups.Values, group => group.Split),
            Rewards = rewards,
            EndReasons = Counts.Ordered(_endReasons),
            Steps = Distribution.Of(_spreads.Steps),
            PromptTokens = Distribution.Of(_spreads.PromptTokens),
            CompletionTokens = Distribution.Of(_spreads.CompletionTokens),
            DurationMs = Distribution.Of(_spreads.DurationMs),
            PolicyMs = Distribution.Of(_spreads.PolicyMs),
            EnvironmentMs = Distribution.Of(_spreads.EnvironmentMs),
            Retried = new Retried(_retried.All, _retried.Valid, mean, _onceBegun.Estimate()),
            Groups = GroupsOf(),
        };
    }

    /// <summary>The mean and successes of each task with a valid reward, for a comparison.</summary>
    internal IReadOnlyDictionary<string, GroupTally> Tasks => _groups;

    private void AddValid(ReportedRollout rollout, double reward)
    {
        _mean.Add(rollout.TaskId, reward);
        if (rollout.Attempts > 1) _retried.Valid++;
        else _onceBegun.Add(rollout.TaskId, reward);
        var reason = OneLineText.Of(rollout.EndReason ?? "none: the policy stopped");
        if (_endReasons.Count >= MostNames && !_endReasons.ContainsKey(reason)) reason = "others";
        CollectionsMarshal.GetValueRefOrAddDefault(_endReasons, reason, out _)++;
        _spreads.Add(rollout, reward);
    }

    private Coverage CoverageOf(BatchFacts batch, Distribution? rewards)
    {
        var valid = _spreads.Rewards.Count;
        var items = Math.Max(batch.Items, _ended);
        var bounds = MissingBounds.Of(_spreads.Rewards.Sum(), valid, items - valid, rewards?.Min ?? 0, rewards?.Max ?? 0);
        return new Coverage(
            items,
            _ended,
            valid,
            _trainable,
            items == 0 ? null : (double)valid / items,
            _ends,
            _failures.Causes,
            _failures.Listed(),
            _failures.LeftOut,
            bounds,
            bounds is null
                ? items == 0 ? "there are no rollouts" : "rewards are not all from 0 to 1, so nothing says what a missing one could be"
                : _ended < items ? "rollouts without a valid reward, and those that have not ended, as 0 and as 1" : "rollouts without a valid reward as 0 and as 1");
    }

    private GroupTally GroupOf(string taskId) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_groups, taskId, out _) ??= new GroupTally(taskId);

    private Groups GroupsOf()
    {
        var all = _groups.Values;
        return new Groups(
            all.Count,
            all.Count(group => group.Trainable == group.Members),
            all.Count(group => group.Trainable > 0 && group.Trainable < group.Members),
            all.Count(group => group.Trainable == 0),
            all.Count(group => group.HasOneReward),
            [
                .. all.OrderBy(group => (double)group.Trainable / group.Members).ThenBy(group => group.Mean ?? 0).ThenBy(group => group.TaskId, StringComparer.Ordinal)
                    .Take(MostGroups).Select(group => group.ToGroup() with { TaskId = OneLineText.Of(group.TaskId) }),
            ],
            Math.Max(0, all.Count - MostGroups));
    }
}
