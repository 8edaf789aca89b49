using System.Text.Json;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.Ors.Sessions;

/// <summary>The task that a session is for: named by its spec, as <c>/tasks</c> lists it, or by its place in a split.</summary>
/// <param name="Environment">The environment; null where the client does not say.</param>
/// <param name="TaskId">The task's id; null where it is named by its place.</param>
/// <param name="Split">The split of its place; null where it is named by its id.</param>
/// <param name="Index">Its place in the split, from 0; one below 0 counts from the end.</param>
/// <param name="Params">What the environment takes, the exact bytes of a JSON object; empty where there are none.</param>
internal sealed record SessionTask(string? Environment, string? TaskId, string? Split, int Index, byte[] Params)
{
    private const string Places = "a call has its id in task_id, and its time is the gateway's";

    /// <param name="body">The body of <c>POST /create</c>.</param>
    /// <param name="options">How large the <c>params</c> of a task's spec may be.</param>
    /// <exception cref="BadRequestException">It names no task, or two.</exception>
    public static SessionTask Read(JsonFields body, GatewayOptions options)
    {
        // Secrets are for environments that call others on their caller's behalf; none here does, and they go no further.
        Require(body, "env_name", "task_spec", "split", "index", "secrets");
        var environment = body.Optional("env_name");
        if (!body.Has("task_spec"))
        {
            return body.Optional("split") is { } split && body.Integer("index") is { } index
                ? new SessionTask(environment, TaskId: null, split, index, [])
                : throw new BadRequestException("name the task: task_spec, or split and index");
        }

        if (body.Has("split") || body.Has("index")) throw new BadRequestException("name the task by task_spec, or by split and index, and not by both");
        var spec = body.Object("task_spec");
        if (spec.ValueKind == JsonValueKind.Undefined) throw new BadRequestException("task_spec needs task_id, as POST /NAME/tasks lists it");
        var fields = new JsonFields(spec);
        Require(fields, "task_id", "params");
        return new SessionTask(environment, fields.Required("task_id"), Split: null, Index: 0, EnvironmentParameters.Read(fields, options.MaxParamsBytes, Places));
    }

    /// <exception cref="BadRequestException">A member is none of these.</exception>
    public static void Require(JsonFields fields, params string[] known)
    {
        if (fields.Unknown(known) is { } unknown) throw new BadRequestException($"unknown member '{unknown}'; known are {string.Join(", ", known)}");
    }
}
