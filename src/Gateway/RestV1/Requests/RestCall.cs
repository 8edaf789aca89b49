using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.RestV1.Requests;

/// <summary>A request as a typed command: who calls, under which idempotency key, and how long it may take. Members that nobody would read are refused.</summary>
internal sealed class RestCall
{
    private const string Places = "the header Idempotency-Key is the command's id, the query's timeout its time, and the member 'step' the step's number";

    private static readonly string[] OfStep = ["action", "step", "params"];
    private static readonly string[] OfListedStep = [.. OfStep, "instance_id", "command_id"];

    private readonly string _tenant;
    private readonly string? _key;
    private readonly int _remainingMs;
    private readonly int _maxParamsBytes;

    /// <exception cref="BadRequestException">The idempotency key or the query is wrong.</exception>
    public RestCall(HttpContext context, RestOperation operation, GatewayOptions options)
    {
        (_tenant, _key, _maxParamsBytes) = (context.Tenant(), IdempotencyKey.Of(context.Request), options.MaxParamsBytes);
        _remainingMs = (int)Math.Ceiling(new RestQuery(context, operation).Seconds(QueryParameter.Timeout.Name, options.CommandTimeout).TotalMilliseconds);
    }

    /// <summary>The key of the request; null where it has none.</summary>
    public string? Key => _key;

    public ListTasks ListTasks(string environment, string split) => new()
    {
        CommandId = Id(_key),
        Tenant = _tenant,
        RemainingMs = _remainingMs,
        EnvType = environment,
        Split = split,
    };

    public CreateInstance Create(JsonFields fields)
    {
        Require(fields, "env_type", "task_id", "instance_id", "params");
        var (id, name) = (Id(_key), fields.Optional("instance_id"));
        return new CreateInstance
        {
            CommandId = id,
            Tenant = _tenant,
            RemainingMs = _remainingMs,
            EnvType = fields.Required("env_type"),
            TaskId = fields.Required("task_id"),

            // With a key the instance has a name that its caller knows though no answer came.
            InstanceId = name ?? id,
            Params = Params(fields),
            HasNoIdempotencyKey = _key is null && name is null,
        };
    }

    /// <param name="instance">The instance.</param>
    /// <param name="fields">The step.</param>
    /// <param name="key">The step's key; null where it has none.</param>
    /// <param name="isListed">Whether it is one of a list, and names its instance and its id itself.</param>
    public StepInstance Step(string instance, JsonFields fields, string? key, bool isListed = false)
    {
        Require(fields, isListed ? OfListedStep : OfStep);
        var number = fields.Integer("step");
        return new StepInstance
        {
            CommandId = Id(key),
            Tenant = _tenant,
            RemainingMs = _remainingMs,
            InstanceId = instance,
            Action = AssistantMessage.Read(fields, "action"),
            Params = Params(fields),
            ExpectedStep = number,
            HasNoIdempotencyKey = key is null && number is null,
        };
    }

    public EvaluateInstance Evaluate(string instance, JsonFields fields)
    {
        Require(fields, "messages", "params");
        return new EvaluateInstance
        {
            CommandId = Id(_key),
            Tenant = _tenant,
            RemainingMs = _remainingMs,
            InstanceId = instance,
            Messages = JsonFields.Bytes(fields.Object("messages")),
            Params = Params(fields),
        };
    }

    public DescribeInstance Describe(string instance) => new()
    {
        CommandId = Id(_key),
        Tenant = _tenant,
        RemainingMs = _remainingMs,
        InstanceId = instance,
    };

    public ReleaseInstance Release(string instance) => new()
    {
        CommandId = Id(_key),
        Tenant = _tenant,
        RemainingMs = _remainingMs,
        InstanceId = instance,
    };

    /// <exception cref="BadRequestException">A member is none of these.</exception>
    public static void Require(JsonFields fields, params string[] known)
    {
        if (fields.Unknown(known) is { } unknown) throw new BadRequestException($"unknown member '{unknown}'; known are {string.Join(", ", known)}");
    }

    /// <summary>Ids in the order of time keep the journal's unique index together.</summary>
    private static string Id(string? key) => key ?? Guid.CreateVersion7().ToString("n");

    private byte[] Params(JsonFields fields) => EnvironmentParameters.Read(fields, _maxParamsBytes, Places);
}
