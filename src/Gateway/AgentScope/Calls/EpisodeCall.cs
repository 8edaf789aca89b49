using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.AgentScope.Calls;

/// <summary>
/// One call of AgentScope's surfaces as a typed command: who calls, with which members, and under which idempotency key. What a caller
/// puts into <c>params</c> for this surface (<c>_command_id</c>, <c>_step</c>, <c>_timeout_ms</c>) is read here and goes no further.
/// </summary>
internal sealed class EpisodeCall
{
    private readonly string _tenant;
    private readonly JsonFields _fields;
    private readonly string? _givenId;
    private readonly SurfaceParameters _parameters;
    private readonly int _remainingMs;
    private readonly string? _sandboxId;

    /// <param name="context">The request.</param>
    /// <param name="fields">The members of its body, or of a tool call's arguments.</param>
    /// <param name="options">How long any call may take, and how large its <c>params</c> may be.</param>
    /// <param name="sandboxId">The sandbox it came through, or null.</param>
    /// <exception cref="BadRequestException">A member or the idempotency key is wrong.</exception>
    public EpisodeCall(HttpContext context, JsonFields fields, GatewayOptions options, string? sandboxId = null)
    {
        (_tenant, _fields, _sandboxId) = (context.Tenant(), fields, sandboxId);
        _parameters = new SurfaceParameters(fields.Object("params"), options.MaxParamsBytes);
        _givenId = OneKey(IdempotencyKey.Of(context.Request), _parameters.CommandId);
        _remainingMs = _parameters.RemainingMs(options.CommandTimeout);
    }

    /// <summary>The caller's <c>params</c>.</summary>
    public JsonFields Params => _parameters.Fields;

    public ListTasks ListTasks(string split) => new()
    {
        CommandId = CommandId,
        Tenant = _tenant,
        RemainingMs = _remainingMs,
        EnvType = _fields.Required("env_type"),
        Split = split,
        Params = _parameters.ForEnvironment(),
    };

    public CreateInstance Create(TimeProvider time)
    {
        var name = _fields.Optional("instance_id");
        return new CreateInstance
        {
            CommandId = CommandId,
            Tenant = _tenant,
            RemainingMs = _remainingMs,
            EnvType = _fields.Required("env_type"),
            TaskId = _fields.Required("task_id"),
            InstanceId = name ?? NewInstanceId(time),
            Params = _parameters.ForEnvironment(),
            SandboxId = _sandboxId,
            HasNoIdempotencyKey = _givenId is null && name is null,
        };
    }

    /// <param name="actionName">The member that holds the action: the surfaces differ in it.</param>
    public StepInstance Step(string actionName) => new()
    {
        CommandId = CommandId,
        Tenant = _tenant,
        RemainingMs = _remainingMs,
        InstanceId = InstanceId,
        Action = AssistantMessage.Read(_fields, actionName),
        Params = _parameters.ForEnvironment(),
        ExpectedStep = _parameters.ExpectedStep,
        HasNoIdempotencyKey = _givenId is null && _parameters.ExpectedStep is null,
    };

    public EvaluateInstance Evaluate() => new()
    {
        CommandId = CommandId,
        Tenant = _tenant,
        RemainingMs = _remainingMs,
        InstanceId = InstanceId,
        Messages = Messages,
        Params = _parameters.ForEnvironment(),
    };

    public DescribeInstance Describe() => new()
    {
        CommandId = CommandId,
        Tenant = _tenant,
        RemainingMs = _remainingMs,
        InstanceId = InstanceId,
        Messages = Messages,
        Params = _parameters.ForEnvironment(),
    };

    public ReleaseInstance Release() => new()
    {
        CommandId = CommandId,
        Tenant = _tenant,
        RemainingMs = _remainingMs,
        InstanceId = InstanceId,
    };

    /// <summary>The caller's id of this command, or a new one. Ids in the order of time keep the journal's unique index together.</summary>
    private string CommandId => _givenId ?? Guid.CreateVersion7().ToString("n");

    private string InstanceId => _fields.Required("instance_id");

    private byte[] Messages => JsonFields.Bytes(_fields.Object("messages"));

    /// <summary>The form AgentScope's own service gives ids.</summary>
    private static string NewInstanceId(TimeProvider time) => $"exp_{time.GetUtcNow().ToUnixTimeSeconds()}_{Guid.NewGuid().ToString("n")[..8]}";

    /// <summary>Of two keys that differ, either choice would leave the other unprotected.</summary>
    private static string? OneKey(string? header, string? parameter) => header is null || parameter is null || header == parameter
        ? header ?? parameter
        : throw new BadRequestException($"{IdempotencyKey.Header} is '{header}' and params.{SurfaceParameters.CommandIdName} is '{parameter}'; a command has one key");
}
