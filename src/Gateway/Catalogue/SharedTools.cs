using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tools;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Catalogue;

/// <summary>
/// The tools of an environment before there is an instance. An environment says what can be called in a task once an instance of it is made, so one of the first
/// and one of the last task of a split is made and released; what both offer is what the tasks share. It is remembered for ten minutes.
/// </summary>
internal sealed class SharedTools(ICommandRouter router, TaskLists tasks, IOptions<GatewayOptions> options, TimeProvider time) : IDisposable
{
    private const string Split = "train";

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (long MadeAt, OfferedTools Tools)> _known = new(StringComparer.Ordinal);
    /// <summary>One look at a time for each environment: the next who asks finds what it found, and no environment waits for another.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _looks = new(StringComparer.Ordinal);

    /// <returns>The tools, or the outcome of the command that kept them from being found.</returns>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached.</exception>
    public async Task<(OfferedTools? Tools, CommandOutcome? Refused)> FindAsync(string tenant, string environment, CancellationToken cancellationToken)
    {
        if (Known(environment) is { } known) return (known, null);
        var look = _looks.GetOrAdd(environment, _ => new SemaphoreSlim(1, 1));
        if (!await IsInTurnAsync(look, cancellationToken)) return (null, new CommandOutcome.Rejected(CommandReason.NoCapacity, $"the tools of '{environment}' are being looked up, and that takes long; ask again later"));
        try
        {
            return Known(environment) is { } meanwhile ? (meanwhile, null) : await LookAsync(tenant, environment, cancellationToken);
        }
        finally
        {
            look.Release();
        }
    }

    public void Dispose()
    {
        foreach (var look in _looks.Values) look.Dispose();
    }

    /// <summary>Waits for who looks already, as long as a command may take.</summary>
    private async Task<bool> IsInTurnAsync(SemaphoreSlim look, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.Value.CommandTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await look.WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private OfferedTools? Known(string environment) => _known.TryGetValue(environment, out var known) && time.GetElapsedTime(known.MadeAt) < Fresh ? known.Tools : null;

    private async Task<(OfferedTools? Tools, CommandOutcome? Refused)> LookAsync(string tenant, string environment, CancellationToken cancellationToken)
    {
        var list = await tasks.FindAsync(tenant, environment, Split, cancellationToken);
        if (list.Refused is not null) return (null, list.Refused);
        OfferedTools? shared = null;
        foreach (var task in list.Ids.Count > 1 ? [list.Ids[0], list.Ids[^1]] : list.Ids)
        {
            var create = Create(tenant, environment, task);
            var outcome = await router.CreateAsync(create, cancellationToken);
            if (outcome is not CommandOutcome.Completed made) return (null, outcome);
            router.ReportUndelivered(create);
            var offered = OfferedTools.Of(made.Answer);
            shared = shared?.InCommonWith(offered) ?? offered;
        }

        shared ??= OfferedTools.None;
        _known[environment] = (time.GetTimestamp(), shared);
        return (shared, null);
    }

    /// <summary>Nobody knows of the instance, so that reporting it as undelivered releases it, whatever becomes of this process's call.</summary>
    private CreateInstance Create(string tenant, string environment, string task)
    {
        var id = Guid.CreateVersion7().ToString("n");
        return new CreateInstance
        {
            CommandId = id,
            Tenant = tenant,
            RemainingMs = (int)options.Value.CommandTimeout.TotalMilliseconds,
            EnvType = environment,
            TaskId = task,
            InstanceId = $"tools-{id}",
            HasNoIdempotencyKey = true,
        };
    }
}
