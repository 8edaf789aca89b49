using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Ors.Answers;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Ors.Sessions;

/// <summary>Makes the instance of a session. Its Create has the session's id, so that one that is sent again makes no second.</summary>
internal sealed class SessionStart(ICommandRouter router, TaskLists tasks, NamedEnvironment names, DeferredTasks deferred, IOptions<GatewayOptions> options)
{
    /// <param name="context">The request.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="session">The session's id.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="task">The task.</param>
    /// <exception cref="BadRequestException">There is no instance: with the status that says why.</exception>
    public async Task RunAsync(HttpContext context, string tenant, string session, string environment, SessionTask task)
    {
        var cancellationToken = context.RequestAborted;
        var name = (await names.FindAsync(environment, cancellationToken)).Name;
        var create = new CreateInstance
        {
            CommandId = session,
            Tenant = tenant,
            RemainingMs = (int)options.Value.CommandTimeout.TotalMilliseconds,
            EnvType = name,
            TaskId = task.TaskId ?? await AtAsync(context, tenant, name, task.Split!, task.Index),
            InstanceId = session,
            Params = task.Params,
        };
        var outcome = await router.CreateAsync(create, cancellationToken);
        if (outcome is not CommandOutcome.Completed) throw await OrsProblem.OfAsync(context, outcome);
        deferred.Remove(tenant, session);
    }

    /// <summary>The task at a place of a split.</summary>
    public async Task<string> AtAsync(HttpContext context, string tenant, string environment, string split, int index)
    {
        var ids = await ListAsync(context, tenant, environment, split);
        var place = index < 0 ? ids.Count + index : index;
        return place >= 0 && place < ids.Count ? ids[place] : throw new BadRequestException($"index {index} is none of the {ids.Count} tasks of split '{split}'");
    }

    /// <summary>The tasks of a split.</summary>
    /// <exception cref="BadRequestException">They cannot be told.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(HttpContext context, string tenant, string environment, string split)
    {
        var list = await tasks.FindAsync(tenant, environment, split, context.RequestAborted);
        return list.Refused is { } refused ? throw await OrsProblem.OfAsync(context, refused) : list.Ids;
    }
}
