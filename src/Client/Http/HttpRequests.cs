using System.Globalization;
using SandQueue.Client.Commands;

namespace SandQueue.Client.Http;

/// <summary>Commands as requests to REST v1.</summary>
internal static class HttpRequests
{
    private const string IdempotencyKey = "Idempotency-Key";
    private const int TasksPerPage = 1000;

    /// <param name="command">The command.</param>
    /// <param name="time">How long it may take at the gateway.</param>
    public static HttpRequestMessage Of(Command command, TimeSpan time)
    {
        var timeout = Timeout(time);
        var request = command switch
        {
            Create create => Post($"v1/instances?{timeout}", Body(create, create.InstanceId)),
            Step step => Post($"v1/instances/{Name(step)}/steps?{timeout}", Body(step)),
            Evaluate evaluate => Post($"v1/instances/{Name(evaluate)}/evaluations?{timeout}", Body(evaluate)),
            GetInfo info => new HttpRequestMessage(HttpMethod.Get, $"v1/instances/{Name(info)}/info?{timeout}"),
            Release release => new HttpRequestMessage(HttpMethod.Delete, $"v1/instances/{Name(release)}?{timeout}"),
            ListTasks list => new HttpRequestMessage(HttpMethod.Get, $"v1/environments/{Uri.EscapeDataString(list.EnvType)}/tasks?{Query(list)}&{timeout}"),
            Read read => new HttpRequestMessage(HttpMethod.Get, $"v1/{read.Path}"),
            _ => throw new NotSupportedException($"{command.GetType().Name} is no command of REST v1"),
        };
        if (command.Id is { } id) request.Headers.TryAddWithoutValidation(IdempotencyKey, id);
        return request;
    }

    /// <summary>Steps of different instances as one request.</summary>
    public static HttpRequestMessage Of(IReadOnlyList<Step> steps, TimeSpan time) => Post($"v1/steps?{Timeout(time)}", CommandJson.Object(writer =>
    {
        writer.WriteStartArray("steps");
        foreach (var step in steps)
        {
            writer.WriteStartObject();
            writer.WriteString("instance_id", step.InstanceId);
            writer.WriteString("command_id", step.Id);
            CommandJson.WriteMembers(writer, step);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }));

    private static string Name(Command command) => Uri.EscapeDataString(command.InstanceId!);

    private static string Timeout(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"timeout={Math.Max(0.001, time.TotalSeconds):0.###}");

    private static string Query(ListTasks list)
    {
        var query = $"split={Uri.EscapeDataString(list.Split)}&limit={TasksPerPage}";
        if (list.Search is { } search) query += $"&search={Uri.EscapeDataString(search)}";
        if (list.Cursor is { } cursor) query += $"&cursor={Uri.EscapeDataString(cursor)}";
        return query;
    }

    private static ReadOnlyMemory<byte> Body(Command command, string? instance = null) => CommandJson.Object(writer =>
    {
        CommandJson.WriteMembers(writer, command);
        if (instance is not null) writer.WriteString("instance_id", instance);
    });

    private static HttpRequestMessage Post(string path, ReadOnlyMemory<byte> body) => new(HttpMethod.Post, path)
    {
        Content = new JsonBody(body),
    };
}
