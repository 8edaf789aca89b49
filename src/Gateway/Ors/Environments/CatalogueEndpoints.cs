using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Ors.Answers;
using SandQueue.Gateway.Ors.Sessions;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Tools;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Ors.Environments;

/// <summary>What environments have before there is a session: their tools, splits and tasks.</summary>
internal sealed class CatalogueEndpoints(FleetView fleet, NamedEnvironment names, SharedTools shared, SessionStart starts, TaskLists tasks, BodyLimit limit, TimeProvider time)
{
    /// <summary>The splits that every environment of ours has, and which of the standard's three kinds they are.</summary>
    private static readonly (string Name, string Type)[] Splits = [("train", "train"), ("val", "validation"), ("test", "test")];

    /// <summary><c>GET /list_environments</c>.</summary>
    public async Task EnvironmentsAsync(HttpContext context)
    {
        var served = await fleet.EnvironmentsAsync(context.RequestAborted);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(served.Keys));
    }

    /// <summary><c>GET /{environment}/tools</c>: those that its tasks share.</summary>
    public async Task ToolsAsync(HttpContext context)
    {
        var environment = await FindAsync(context);
        var (tools, refused) = await shared.FindAsync(context.Tenant(), environment, context.RequestAborted);
        if (tools is null) throw await OrsProblem.OfAsync(context, refused!);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, JsonAnswer.Bytes(writer => tools.Write(writer, "input_schema")));
    }

    /// <summary><c>GET /{environment}/splits</c>. Other splits that an environment has are taken too, by their names.</summary>
    public async Task SplitsAsync(HttpContext context)
    {
        var environment = await FindAsync(context);
        var found = new List<(string Name, string Type)>();
        foreach (var split in Splits)
        {
            var list = await tasks.FindAsync(context.Tenant(), environment, split.Name, context.RequestAborted);
            if (list.Refused is null) found.Add(split);
            else if (list.Refused is not CommandOutcome.Rejected { Reason: CommandReason.InvalidRequest }) throw await OrsProblem.OfAsync(context, list.Refused);
        }

        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(found.Select(split => new { name = split.Name, type = split.Type })));
    }

    /// <summary><c>POST /{environment}/tasks</c>.</summary>
    public Task TasksAsync(HttpContext context) => AnswerAsync(context, (writer, ids, _, environment) =>
    {
        WriteTasks(writer, ids);
        writer.WriteString("env_name", environment);
    });

    /// <summary><c>POST /{environment}/num_tasks</c>.</summary>
    public Task CountAsync(HttpContext context) => AnswerAsync(context, (writer, ids, _, _) => writer.WriteNumber("num_tasks", ids.Count));

    /// <summary><c>POST /{environment}/task</c>.</summary>
    public Task TaskAsync(HttpContext context) => AnswerAsync(
        context,
        (writer, ids, body, _) =>
        {
            var index = body.Integer("index") ?? throw new BadRequestException("index is required");
            var place = index < 0 ? ids.Count + index : index;
            if (place < 0 || place >= ids.Count) throw new BadRequestException($"index {index} is none of the {ids.Count} tasks");
            writer.WritePropertyName("task");
            WriteTask(writer, ids[place]);
        },
        "index");

    /// <summary><c>POST /{environment}/task_range</c>: from <c>start</c> to before <c>stop</c>; below 0 they count from the end.</summary>
    public Task RangeAsync(HttpContext context) => AnswerAsync(
        context,
        (writer, ids, body, _) =>
        {
            var (start, stop) = (Place(body.Integer("start") ?? 0, ids.Count), Place(body.Integer("stop") ?? ids.Count, ids.Count));
            WriteTasks(writer, ids.Skip(start).Take(Math.Max(0, stop - start)));
        },
        "start",
        "stop");

    private static int Place(int index, int count) => Math.Clamp(index < 0 ? count + index : index, 0, count);

    private static void WriteTasks(Utf8JsonWriter writer, IEnumerable<string> ids)
    {
        writer.WriteStartArray("tasks");
        foreach (var id in ids) WriteTask(writer, id);
        writer.WriteEndArray();
    }

    private static void WriteTask(Utf8JsonWriter writer, string id)
    {
        writer.WriteStartObject();
        writer.WriteString("task_id", id);
        writer.WriteEndObject();
    }

    private async Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter, IReadOnlyList<string>, JsonFields, string> write, params string[] members)
    {
        var environment = await FindAsync(context);
        using var body = await RequestBody.ReadAsync(context, limit, time);
        SessionTask.Require(body.Fields, ["split", .. members]);
        var ids = await starts.ListAsync(context, context.Tenant(), environment, body.Fields.Required("split"));
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, JsonAnswer.Bytes(writer => write(writer, ids, body.Fields, environment)));
    }

    private async Task<string> FindAsync(HttpContext context) => (await names.FindAsync((string)context.GetRouteValue(OrsEndpoints.Environment)!, context.RequestAborted)).Name;
}
