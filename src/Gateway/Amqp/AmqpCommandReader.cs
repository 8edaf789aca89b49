using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Rollouts.Requests;

namespace SandQueue.Gateway.Amqp;

/// <summary>
/// A message of a trainer as a typed command: a JSON object with <c>command</c> and that command's members. The message's properties say the
/// rest: <c>message_id</c> is the command id, <c>expiration</c> the caller's time in milliseconds.
/// </summary>
internal static class AmqpCommandReader
{
    private const int LongestId = 200;
    private const string Places = "the property message_id is the command's id, expiration its time, and the member 'step' the step's number";

    private static readonly Dictionary<string, string[]> Members = new(StringComparer.Ordinal)
    {
        ["profile"] = ["env_type", "split", "params"],
        ["create"] = ["env_type", "task_id", "instance_id", "params"],
        ["step"] = ["instance_id", "action", "step", "params"],
        ["evaluate"] = ["instance_id", "messages", "params"],
        ["get_info"] = ["instance_id", "messages", "params"],
        ["release"] = ["instance_id"],
        ["batch"] = ["batch_id", "name", "env_type", "tasks", "split", "sample", "items", "repeats", "policy", "params", "priority", "concurrency", "endpoint_concurrency", "deadline_s"],
    };

    /// <param name="fields">The message's object.</param>
    /// <param name="messageId">The property of that name; null where there is none.</param>
    /// <param name="tenant">Whose command it is.</param>
    /// <param name="remaining">How long the command may take.</param>
    /// <param name="maxParamsBytes">The largest <c>params</c>.</param>
    /// <exception cref="BadRequestException">A member or a property is wrong.</exception>
    public static Command Read(JsonFields fields, string? messageId, string tenant, TimeSpan remaining, int maxParamsBytes)
    {
        var name = fields.Required("command");
        if (!Members.TryGetValue(name, out var members)) throw new BadRequestException($"unknown command '{name}'; known are {string.Join(", ", Members.Keys)}");
        if (fields.Unknown(["command", .. members]) is { } unknown) throw new BadRequestException($"'{name}' has no member '{unknown}'; it takes {string.Join(", ", members)}");

        var (id, milliseconds, parameters) = (Id(name, messageId), (int)remaining.TotalMilliseconds, EnvironmentParameters.Read(fields, maxParamsBytes, Places));
        string Instance() => fields.Required("instance_id");
        return name switch
        {
            "profile" => new ListTasks
            {
                CommandId = id, Tenant = tenant, RemainingMs = milliseconds, EnvType = fields.Required("env_type"), Split = fields.Optional("split") ?? "train", Params = parameters,
            },
            "create" => new CreateInstance
            {
                CommandId = id, Tenant = tenant, RemainingMs = milliseconds, EnvType = fields.Required("env_type"), TaskId = fields.Required("task_id"),

                // The same for each delivery of the message, and known to its caller though no answer came.
                InstanceId = fields.Optional("instance_id") ?? id, Params = parameters,
            },
            "step" => new StepInstance
            {
                CommandId = id, Tenant = tenant, RemainingMs = milliseconds, InstanceId = Instance(), Action = AssistantMessage.Read(fields, "action"), ExpectedStep = fields.Integer("step"), Params = parameters,
            },
            "evaluate" => new EvaluateInstance { CommandId = id, Tenant = tenant, RemainingMs = milliseconds, InstanceId = Instance(), Messages = Messages(fields), Params = parameters },
            "get_info" => new DescribeInstance { CommandId = id, Tenant = tenant, RemainingMs = milliseconds, InstanceId = Instance(), Messages = Messages(fields), Params = parameters },
            "batch" => new BatchCommand { CommandId = id, Tenant = tenant, RemainingMs = milliseconds, Request = Batch(fields, id) },
            _ => new ReleaseInstance { CommandId = id, Tenant = tenant, RemainingMs = milliseconds, InstanceId = Instance() },
        };
    }

    private static BatchRequest Batch(JsonFields fields, string id)
    {
        try
        {
            var request = BatchRequest.Read(fields.Owner, "command");
            return request.BatchId is not null || id.Length <= BatchRequest.LongestId
                ? request with { BatchId = request.BatchId ?? id }
                : throw new BadRequestException($"batch_id is required where message_id, which else names the batch, has more than {BatchRequest.LongestId} characters");
        }
        catch (RequestRefusedException exception)
        {
            throw new BadRequestException(exception.Message);
        }
    }

    /// <summary>The broker delivers a message again whose gateway died over it: without an id of its caller's it would take effect twice.</summary>
    private static string Id(string command, string? messageId) => messageId switch
    {
        { Length: > LongestId } => throw new BadRequestException($"message_id has {messageId.Length} characters; at most {LongestId} are taken"),
        { Length: > 0 } when messageId.Contains('\0', StringComparison.Ordinal) => throw new BadRequestException("message_id must not contain NUL"),
        { Length: > 0 } => messageId,
        _ when command is "profile" or "get_info" => Guid.CreateVersion7().ToString("n"),
        _ => throw new BadRequestException($"'{command}' needs the property message_id, an id of your own: it keeps the command from taking effect twice"),
    };

    private static byte[] Messages(JsonFields fields) => JsonFields.Bytes(fields.Object("messages"));
}
