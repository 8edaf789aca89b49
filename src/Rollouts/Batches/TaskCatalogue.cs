using System.Collections.Concurrent;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Rollouts.Requests;
using SandQueue.Routing;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Batches;

/// <summary>Which environments there are and which tasks they list, so that a batch of what there is not is refused before anything is stored.</summary>
internal sealed class TaskCatalogue(ICommandRouter router, FleetView fleet, TimeProvider time)
{
    private const int MostNamed = 3;

    /// <summary>The splits that environments have; what one does not have is an empty list or refused.</summary>
    private static readonly string[] Splits = ["train", "val", "test", "all"];

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Environment, string Split), (long ListedAt, IReadOnlyList<string> Ids)> _known = new();

    /// <exception cref="RequestRefusedException">No worker serves it.</exception>
    public async Task RequireEnvironmentAsync(string environment, CancellationToken cancellationToken)
    {
        if (await fleet.ServesAsync(environment, cancellationToken)) return;
        var served = await fleet.EnvironmentsAsync(cancellationToken);
        throw new RequestRefusedException(served.Count == 0
            ? $"environment '{environment}' is not served: no worker serves any now"
            : $"environment '{environment}' is not served; {NearName.Hint(environment, [.. served.Keys], name => name)}");
    }

    /// <summary>The tasks of a split.</summary>
    /// <exception cref="RequestRefusedException">It cannot be listed.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string tenant, string environment, string split, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((environment, split), out var known) && time.GetElapsedTime(known.ListedAt) < Fresh) return known.Ids;
        var command = new ListTasks
        {
            CommandId = Guid.CreateVersion7().ToString("n"), Tenant = tenant, RemainingMs = (int)Limit.TotalMilliseconds, EnvType = environment, Split = split,
        };
        var outcome = await router.ListTasksAsync(command, cancellationToken);
        if (outcome is not CommandOutcome.Completed completed) throw NotListed(environment, split, outcome);
        using var ids = JsonDocument.Parse(completed.Answer);
        IReadOnlyList<string> listed = [.. ids.RootElement.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.String).Select(id => id.GetString()!)];
        _known[(environment, split)] = (time.GetTimestamp(), listed);
        return listed;
    }

    /// <summary>Finds tasks that the environment does not list. One that makes more tasks than it lists refuses an unknown one itself, as a rollout's end.</summary>
    /// <exception cref="RequestRefusedException">Some are unknown; the message names them with the near ones.</exception>
    public async Task RequireTasksAsync(string tenant, string environment, IEnumerable<string> tasks, CancellationToken cancellationToken)
    {
        var served = (await fleet.EnvironmentsAsync(cancellationToken)).GetValueOrDefault(environment);
        if (served is { Unlimited: true }) return;
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var split in Splits)
        {
            try
            {
                all.UnionWith(await ListAsync(tenant, environment, split, cancellationToken));
            }
            catch (RequestRefusedException refused) when (refused.Kind == RefusalKind.Invalid)
            {
                // It has no such split.
            }
        }

        // An environment that lists nothing, or has more tasks in splits of other names, does not say which there are: it decides at the create.
        if (all.Count == 0 || all.Count < served?.Tasks) return;
        var unknown = tasks.Where(task => !all.Contains(task)).Distinct(StringComparer.Ordinal).ToList();
        if (unknown.Count == 0) return;
        var named = unknown.Take(MostNamed).Select(task => NearName.Of(task, all) is { } near ? $"'{task}' (did you mean '{near}'?)" : $"'{task}'");
        var more = unknown.Count > MostNamed ? $" and {unknown.Count - MostNamed} more" : "";
        throw new RequestRefusedException($"environment '{environment}' has no task {string.Join(", ", named)}{more}; nothing was started");
    }

    private static RequestRefusedException NotListed(string environment, string split, CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Rejected { Reason: CommandReason.InvalidRequest } rejected => new RequestRefusedException($"the tasks of split '{split}' of '{environment}' cannot be listed: {rejected.Detail}"),
        CommandOutcome.Refusal refusal => new RequestRefusedException($"the tasks of split '{split}' of '{environment}' cannot be listed now: {refusal.Detail}", RefusalKind.Unavailable),
        _ => new RequestRefusedException($"the tasks of split '{split}' of '{environment}' were not listed in time; ask again", RefusalKind.Unavailable),
    };
}
