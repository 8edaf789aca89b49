using System.Text.Json;
using ModelContextProtocol.Protocol;
using SandQueue.Gateway.Mcp.Results;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>The tools that a session may call now: those of its task and the two that score and end it, or those that find and open one.</summary>
internal static class ToolList
{
    public static ListToolsResult Of(OpenTask? task) => new() { Tools = [.. (task?.Tools.All ?? []).Select(Shown), .. DoorTools.For(task)] };

    private static Tool Shown(OfferedTool tool) => new()
    {
        Name = tool.Name,
        Description = tool.Description,
        InputSchema = OfAnObject(tool.Parameters),
        OutputSchema = OutputSchemas.Step,
    };

    /// <summary>MCP takes no other; an environment may have left out that its parameters are one, or have called it otherwise.</summary>
    private static JsonElement OfAnObject(JsonElement schema)
    {
        if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object")) return schema;
        var members = schema.EnumerateObject().Where(member => !member.NameEquals("type")).Select(member => $",{JsonSerializer.Serialize(member.Name)}:{member.Value.GetRawText()}");
        return JsonElement.Parse($$"""{"type":"object"{{string.Concat(members)}}}""");
    }
}
