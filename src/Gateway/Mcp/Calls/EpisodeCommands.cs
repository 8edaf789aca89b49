using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>Calls of tools as typed commands.</summary>
internal sealed class EpisodeCommands(IOptions<GatewayOptions> options)
{
    private const string Places = "the request's id is the command's id, and the session's next step its number";

    private int RemainingMs => (int)options.Value.CommandTimeout.TotalMilliseconds;

    /// <param name="session">Who opens the task; an instance without a name of its own ends with it.</param>
    /// <param name="id">The command's id.</param>
    /// <param name="fields">Environment, task, and what else <c>open_task</c> takes.</param>
    /// <exception cref="BadRequestException">A member is wrong.</exception>
    public CreateInstance Create(EpisodeSession session, string id, JsonFields fields) => new()
    {
        CommandId = id,
        Tenant = session.Tenant,
        RemainingMs = RemainingMs,
        EnvType = fields.Required("env_type"),
        TaskId = fields.Required("task_id"),
        InstanceId = fields.Optional("instance_id") ?? id,
        Params = Params(fields),
        SandboxId = session.Name,
    };

    public StepInstance Step(EpisodeSession session, string id, string instance, byte[] action) => new()
    {
        CommandId = id,
        Tenant = session.Tenant,
        RemainingMs = RemainingMs,
        InstanceId = instance,
        Action = action,
    };

    /// <exception cref="BadRequestException">A member is wrong.</exception>
    public EvaluateInstance Evaluate(EpisodeSession session, string id, string instance, JsonFields fields) => new()
    {
        CommandId = id,
        Tenant = session.Tenant,
        RemainingMs = RemainingMs,
        InstanceId = instance,
        Params = Params(fields),
    };

    public ReleaseInstance Release(EpisodeSession session, string id, string instance) => new()
    {
        CommandId = id,
        Tenant = session.Tenant,
        RemainingMs = RemainingMs,
        InstanceId = instance,
    };

    public ListTasks ListTasks(EpisodeSession session, string environment, string split) => new()
    {
        CommandId = Guid.CreateVersion7().ToString("n"),
        Tenant = session.Tenant,
        RemainingMs = RemainingMs,
        EnvType = environment,
        Split = split,
    };

    private byte[] Params(JsonFields fields) => EnvironmentParameters.Read(fields, options.Value.MaxParamsBytes, Places);
}
