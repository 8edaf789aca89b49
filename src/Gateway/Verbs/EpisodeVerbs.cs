using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Hosting;
using SandQueue.Gateway.Http;
using SandQueue.Routing;

namespace SandQueue.Gateway.Verbs;

/// <summary>
/// The verbs that every surface offers, each a command that travels. Throws <see cref="BadRequestException"/> where the
/// call is wrong in itself; null means that no reply came in time.
/// </summary>
internal sealed class EpisodeVerbs(CommandRouter router, IOptions<GatewayOptions> options, TimeProvider time)
{
    public Task<CommandReply?> ListTasksAsync(VerbCall call, string split, CancellationToken cancellationToken) =>
        router.ListTasksAsync(
            new ListTasks
            {
                CommandId = call.CommandId(),
                Tenant = call.Tenant,
                RemainingMs = call.RemainingMs(options.Value.CommandTimeout),
                EnvType = call.Fields.Required("env_type"),
                Split = split,
                Params = JsonFields.Bytes(call.Params),
            },
            cancellationToken);

    public Task<CommandReply?> CreateAsync(VerbCall call, CancellationToken cancellationToken) =>
        router.CreateAsync(
            new CreateInstance
            {
                CommandId = call.CommandId(),
                Tenant = call.Tenant,
                RemainingMs = call.RemainingMs(options.Value.CommandTimeout),
                EnvType = call.Fields.Required("env_type"),
                TaskId = call.Fields.Required("task_id"),
                InstanceId = call.Fields.Optional("instance_id") ?? NewInstanceId(),
                Params = JsonFields.Bytes(call.Params),
                SandboxId = call.SandboxId,
            },
            cancellationToken);

    /// <param name="call">The call.</param>
    /// <param name="actionName">The member that holds the action: surfaces differ in it.</param>
    /// <param name="answer">Writes the answer.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public async Task StepAsync(VerbCall call, string actionName, Func<CommandReply?, Task> answer, CancellationToken cancellationToken)
    {
        var command = NewStep(call, actionName);
        try
        {
            var reply = await router.SendAsync(command, static (step, left) => step with { RemainingMs = left }, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await answer(reply);
        }
        catch (OperationCanceledException) when (command.HasNoIdempotencyKey && cancellationToken.IsCancellationRequested)
        {
            // Its caller hung up before the answer was written: what a client without ids sends next is this step once more.
            await router.ReportUndeliveredAsync(command);
            throw;
        }
    }

    private StepInstance NewStep(VerbCall call, string actionName)
    {
        var action = JsonFields.Bytes(call.Fields.Object(actionName));
        if (action.Length == 0) throw new BadRequestException($"{actionName} is required: the assistant's message, {{\"role\": \"assistant\", \"content\": …}}");
        return new StepInstance
        {
            CommandId = call.CommandId(),
            Tenant = call.Tenant,
            RemainingMs = call.RemainingMs(options.Value.CommandTimeout),
            InstanceId = call.Fields.Required("instance_id"),
            Action = action,
            Params = JsonFields.Bytes(call.Params),
            ExpectedStep = call.ExpectedStep(),
            HasNoIdempotencyKey = call.HasNoIdempotencyKey,
        };
    }

    public Task<CommandReply?> EvaluateAsync(VerbCall call, CancellationToken cancellationToken) =>
        router.SendAsync(
            new EvaluateInstance
            {
                CommandId = call.CommandId(),
                Tenant = call.Tenant,
                RemainingMs = call.RemainingMs(options.Value.CommandTimeout),
                InstanceId = call.Fields.Required("instance_id"),
                Messages = JsonFields.Bytes(call.Fields.Object("messages")),
                Params = JsonFields.Bytes(call.Params),
            },
            static (command, left) => command with { RemainingMs = left },
            cancellationToken);

    public Task<CommandReply?> DescribeAsync(VerbCall call, CancellationToken cancellationToken) =>
        router.SendAsync(
            new DescribeInstance
            {
                CommandId = call.CommandId(),
                Tenant = call.Tenant,
                RemainingMs = call.RemainingMs(options.Value.CommandTimeout),
                InstanceId = call.Fields.Required("instance_id"),
                Messages = JsonFields.Bytes(call.Fields.Object("messages")),
                Params = JsonFields.Bytes(call.Params),
            },
            static (command, left) => command with { RemainingMs = left },
            cancellationToken);

    public Task<CommandReply?> ReleaseAsync(VerbCall call, CancellationToken cancellationToken) =>
        ReleaseAsync(call.Tenant, call.Fields.Required("instance_id"), call.CommandId(), cancellationToken);

    public Task<CommandReply?> ReleaseAsync(string tenant, string instanceId, string commandId, CancellationToken cancellationToken) =>
        router.SendAsync(
            new ReleaseInstance
            {
                CommandId = commandId,
                Tenant = tenant,
                RemainingMs = (int)options.Value.CommandTimeout.TotalMilliseconds,
                InstanceId = instanceId,
            },
            static (command, left) => command with { RemainingMs = left },
            cancellationToken);

    /// <summary>The form AgentScope's own service gives ids.</summary>
    private string NewInstanceId() => $"exp_{time.GetUtcNow().ToUnixTimeSeconds()}_{Guid.NewGuid().ToString("n")[..8]}";
}

internal static class VerbServices
{
    public static IServiceCollection AddVerbs(this IServiceCollection services) => services.AddSingleton<EpisodeVerbs>();
}
