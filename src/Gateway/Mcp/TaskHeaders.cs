using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Mcp;

/// <summary>The headers by which a session opens a task as it begins, for clients whose agent is to see nothing but the task.</summary>
internal static class TaskHeaders
{
    private const string Environment = "SandQueue-Environment";
    private const string Task = "SandQueue-Task";
    private const string Instance = "SandQueue-Instance";
    private const string Params = "SandQueue-Params";

    /// <summary>What <c>open_task</c> takes; null where the request has none of them.</summary>
    /// <exception cref="BadRequestException">One is missing, empty, or not of its form.</exception>
    public static JsonElement? Read(IHeaderDictionary headers)
    {
        if (!headers.ContainsKey(Environment) && !headers.ContainsKey(Task)) return null;
        var fields = new JsonObject { ["env_type"] = Text(headers, Environment, isNeeded: true), ["task_id"] = Text(headers, Task, isNeeded: true), ["instance_id"] = Text(headers, Instance, isNeeded: false) };
        if (Text(headers, Params, isNeeded: false) is { } given) fields["params"] = Parsed(given);
        return JsonSerializer.SerializeToElement(fields);
    }

    private static string? Text(IHeaderDictionary headers, string name, bool isNeeded) => headers[name] switch
    {
        [{ Length: > 0 } value] => value,
        [] when !isNeeded => null,
        [] => throw new BadRequestException($"the header {name} is missing: {Environment} and {Task} open a task together"),
        [_] => throw new BadRequestException($"the header {name} is empty"),
        _ => throw new BadRequestException($"the header {name} is there more than once"),
    };

    private static JsonNode? Parsed(string given)
    {
        try
        {
            return JsonNode.Parse(given);
        }
        catch (JsonException)
        {
            throw new BadRequestException($"the header {Params} is no JSON");
        }
    }
}
