using System.Runtime.InteropServices;

namespace SandQueue.Rollouts.Reports;

/// <summary>The reasons for which rollouts have no valid reward. It holds a bounded number of them, as a reason may name an instance and be every one's own.</summary>
internal sealed class FailureTally
{
    private const int MostHeld = 1000;
    private const int MostListed = 20;

    private readonly Dictionary<string, int> _causes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Cause, string Detail), (int Count, string Example)> _reasons = [];

    private int _further;

    public IReadOnlyDictionary<string, int> Causes => Counts.Ordered(_causes);

    public int LeftOut => Math.Max(0, _reasons.Count - MostListed) + _further;

    public void Add(ReportedRollout rollout)
    {
        var cause = rollout.Cause is { } known ? WireNames.Of(known) : "unknown";
        CollectionsMarshal.GetValueRefOrAddDefault(_causes, cause, out _)++;
        var reason = (cause, WithoutNames(OneLineText.Of(rollout.Detail ?? WireNames.Of(rollout.End)), rollout));
        if (!_reasons.ContainsKey(reason) && _reasons.Count == MostHeld)
        {
            _further++;
            return;
        }

        ref var counted = ref CollectionsMarshal.GetValueRefOrAddDefault(_reasons, reason, out _);
        counted = (counted.Count + 1, counted.Example ?? rollout.RolloutId);
    }

    public IReadOnlyList<Failure> Listed() =>
    [
        .. _reasons.OrderByDescending(reason => reason.Value.Count).ThenBy(reason => reason.Key.Detail, StringComparer.Ordinal).Take(MostListed)
            .Select(reason => new Failure(reason.Key.Cause, reason.Key.Detail, reason.Value.Count, OneLineText.Of(reason.Value.Example))),
    ];

    /// <summary>The same reason at another rollout is the same reason.</summary>
    private static string WithoutNames(string detail, ReportedRollout rollout)
    {
        var text = rollout.RolloutId.Length == 0 ? detail : detail.Replace(rollout.RolloutId, "…", StringComparison.Ordinal);
        return rollout.TaskId.Length < 3 ? text : text.Replace(rollout.TaskId, "…", StringComparison.Ordinal);
    }
}
