using System.ComponentModel;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.RestV1.Answers;

internal sealed record ActivityBucket(DateTimeOffset At, int Creates, int Steps, int Evaluations, int Failed);

internal sealed record EndCount(
    [property: Description("create, step, evaluate or release")] string Kind,
    [property: Description("rejected, expired, cancelled or failed")] string End,
    [property: Description("agent, infrastructure or caller; null where nobody is known to have caused it")] string? Cause,
    int Count,
    [property: Description("Why the newest of them did not complete")] string? Detail,
    [property: Description("Whose the newest of them was")] string Tenant,
    [property: Description("The instance of the newest of them; null for a create, or where its episode is gone")] string? InstanceId,
    [property: Description("Its episode; null where the command is in none: the newest of that instance had it")] long? EpisodeId);

internal sealed record ActivityView(
    [property: Description("Seconds that are counted, at most 60: fewer where the newest 5000 commands of the farm are younger")] double Seconds,
    double StepsPerSecond,
    double CreatesPerSecond,
    [property: Description("The environment's part of the steps that were counted: half were faster; null where there was none")] double? EnvironmentMsP50,
    [property: Description("99 of 100 were faster")] double? EnvironmentMsP99,
    [property: Description("What completed, by pieces of 5 s, the oldest first")] IReadOnlyList<ActivityBucket> Buckets,
    [property: Description("What did not complete among the newest 5000 commands of the farm")] IReadOnlyList<EndCount> Failures,
    [property: Description("Since when those failures are counted; null where nothing was recorded")] DateTimeOffset? Since,
    [property: Description("Living instances of all that are counted")] int LiveInstances,
    [property: Description("Who uses the most, by living instances, at most 10; for of=tenant you alone")] IReadOnlyList<TenantActivity> Tenants)
{
    private const int Window = 60_000;
    private const int Piece = 5_000;
    private const int MostTenants = 10;

    /// <param name="recent">The newest ends, the newest first.</param>
    /// <param name="begin">The time of the oldest that was looked at, in Unix milliseconds; null where all were.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="living">Living instances by tenant.</param>
    /// <param name="limit">The limit of a tenant's living instances.</param>
    public static ActivityView Of(IReadOnlyList<RecentEnd> recent, long? begin, long now, IReadOnlyDictionary<string, int> living, Func<string, int> limit)
    {
        var from = Math.Max(now - Window, begin ?? 0);
        var seconds = Math.Max(1, (now - from) / 1000d);
        var counted = recent.Where(end => end.RecordedAt > from).ToList();
        var steps = counted.Where(end => end is { Kind: JournalKind.Step, End: CommandEnd.Completed }).Select(end => end.EnvironmentMs).Order().ToList();
        return new ActivityView(
            Math.Round(seconds, 1),
            Math.Round(steps.Count / seconds, 2),
            Math.Round(Completed(counted, JournalKind.Create) / seconds, 2),
            Quantile(steps, 0.5),
            Quantile(steps, 0.99),
            [.. Enumerable.Range(0, Window / Piece).Select(index => Bucket(recent, now - Window + (index * Piece)))],
            [.. Counted(recent)],
            recent.Count > 0 ? RestJson.Time(recent[^1].RecordedAt) : null,
            living.Values.Sum(),
            TenantActivity.Of(living, counted, limit, MostTenants));
    }

    /// <summary>The same with the names of the instances that failures are of.</summary>
    /// <param name="names">By episode.</param>
    public ActivityView Named(IReadOnlyDictionary<long, string> names) =>
        this with { Failures = [.. Failures.Select(failure => failure with { InstanceId = failure.EpisodeId is { } episode ? names.GetValueOrDefault(episode) : failure.InstanceId })] };

    private static ActivityBucket Bucket(IEnumerable<RecentEnd> recent, long from)
    {
        var inside = recent.Where(end => end.RecordedAt > from && end.RecordedAt <= from + Piece).ToList();
        return new ActivityBucket(
            RestJson.Time(from), Completed(inside, JournalKind.Create), Completed(inside, JournalKind.Step), Completed(inside, JournalKind.Evaluate), inside.Count(end => end.End == CommandEnd.Failed));
    }

    private static IEnumerable<EndCount> Counted(IEnumerable<RecentEnd> recent) =>
        from end in recent
        where end.End != CommandEnd.Completed
        group end by (end.Kind, end.End, end.Cause) into alike
        orderby alike.Count() descending
        select new EndCount(RestJson.Name(alike.Key.Kind), RestJson.Name(alike.Key.End), alike.Key.Cause is { } cause ? RestJson.Name(cause) : null, alike.Count(), alike.First().Detail, alike.First().Tenant, alike.Key.Kind == JournalKind.Create ? null : alike.First().Target, alike.First().EpisodeId);

    private static int Completed(IEnumerable<RecentEnd> ends, JournalKind kind) => ends.Count(end => end.Kind == kind && end.End == CommandEnd.Completed);

    private static double? Quantile(List<double> sorted, double part) => sorted.Count == 0 ? null : Math.Round(sorted[(int)Math.Ceiling(part * sorted.Count) - 1], 3);
}
