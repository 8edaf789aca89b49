using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tools;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Catalogue;

/// <summary>The tasks of a split, for doors whose callers name a task by its place in it: asked again and again, they are remembered for half a minute.</summary>
internal sealed class TaskLists(ICommandRouter router, IOptions<GatewayOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Environment, string Split), (long ListedAt, IReadOnlyList<string> Ids)> _known = new();

    /// <exception cref="System.Data.Common.DbException">The database cannot be reached.</exception>
    public async Task<TaskList> FindAsync(string tenant, string environment, string split, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((environment, split), out var known) && time.GetElapsedTime(known.ListedAt) < Fresh) return new TaskList(known.Ids, Refused: null);
        var command = new ListTasks
        {
            CommandId = Guid.CreateVersion7().ToString("n"),
            Tenant = tenant,
            RemainingMs = (int)options.Value.CommandTimeout.TotalMilliseconds,
            EnvType = environment,
            Split = split,
        };
        var outcome = await router.ListTasksAsync(command, cancellationToken);
        if (outcome is not CommandOutcome.Completed completed) return new TaskList([], outcome);

        // Only what exists is remembered, so made-up names take no memory.
        var ids = Read(completed.Answer);
        _known[(environment, split)] = (time.GetTimestamp(), ids);
        return new TaskList(ids, Refused: null);
    }

    private static List<string> Read(byte[] answer)
    {
        using var ids = ReadableJson.Parse(answer);
        return [.. ids.RootElement.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.String).Select(id => id.GetString()!)];
    }
}
