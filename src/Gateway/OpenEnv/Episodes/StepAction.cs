using System.Globalization;
using System.Text.Json;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.OpenEnv.Episodes;

/// <summary>
/// The action of a step. Three forms are taken in every environment: a call of a tool (<c>type: call_tool</c>), plain text (<c>message</c>), and an assistant's message as
/// model servers send it (<c>content</c>, <c>tool_calls</c>). <c>type: list_tools</c> asks for the tools and is no step.
/// </summary>
internal sealed class StepAction
{
    private const string Type = "type";
    private const string ListTools = "list_tools";
    private const string CallTool = "call_tool";

    private static readonly string[] Common = [Type, "step", "metadata"];

    private readonly JsonFields _request;
    private readonly JsonFields _data;
    private readonly JsonElement _arguments;

    private StepAction(JsonFields request, JsonFields data)
    {
        (_request, _data, Number) = (request, data, data.Integer("step"));
        if (data.Names("arguments")) _arguments = data.Object("arguments");
    }

    /// <summary>It asks for the tools, and takes no step.</summary>
    public bool AsksForTools { get; private init; }

    /// <summary>The number that the client says the step has; null where it says none.</summary>
    public int? Number { get; }

    /// <summary>The tool that is called; null where none is.</summary>
    public string? Tool { get; private init; }

    /// <param name="request">The whole request, whose <c>data</c> has the members of the action.</param>
    /// <exception cref="BadRequestException">It has none of these forms.</exception>
    public static StepAction Read(JsonFields request)
    {
        var data = request.Object("data");
        if (data.ValueKind == JsonValueKind.Undefined) throw new BadRequestException("data is required: the members of the action, as {\"message\": \"…\"}");
        var fields = new JsonFields(data);
        return fields.Optional(Type) switch
        {
            ListTools => ReadKnown(request, fields, asksForTools: true, tool: null),
            CallTool => ReadKnown(request, fields, asksForTools: false, fields.Required("tool_name"), "tool_name", "arguments"),
            "message" or null when fields.Names("message") => ReadKnown(request, fields, asksForTools: false, tool: null, "message"),
            null when fields.Names("content") || fields.Names("tool_calls") => new StepAction(request, fields),
            null => throw new BadRequestException("an action has message (text), or type call_tool with tool_name and arguments, or the content and tool_calls of an assistant's message"),
            var other => throw new BadRequestException($"unknown type '{other}' of an action; known are {CallTool}, {ListTools}, and none where there is a message"),
        };
    }

    /// <summary>A call as MCP writes it: <c>name</c> and <c>arguments</c>.</summary>
    /// <exception cref="BadRequestException">A member is missing, unknown, or of a wrong type.</exception>
    public static StepAction ReadCall(JsonFields parameters) => ReadKnown(parameters, parameters, asksForTools: false, parameters.Required("name"), "name", "arguments", "session_id", "_meta");

    /// <summary>The assistant's message that it stands for.</summary>
    /// <param name="tools">What is offered.</param>
    /// <param name="number">The number that the step will have: sent again, a call has the same id.</param>
    /// <exception cref="BadRequestException">Its members have wrong types.</exception>
    public byte[] Message(OfferedTools tools, int number)
    {
        if (Tool is not null) return ToolCallAction.Of(tools, string.Create(CultureInfo.InvariantCulture, $"call_{number}"), Tool, _arguments);
        if (!_data.Names("message")) return AssistantMessage.Read(_request, "data");
        return _data.Value("message") is { ValueKind: JsonValueKind.String } text
            ? ToolCallAction.Message(text)
            : throw new BadRequestException($"message must be a string, not {(_data.Value("message") is { } other ? RequestBody.Shown(other) : "null")}");
    }

    private static StepAction ReadKnown(JsonFields request, JsonFields data, bool asksForTools, string? tool, params string[] members)
    {
        string[] known = [.. members, .. Common];
        if (data.Unknown(known) is { } unknown) throw new BadRequestException($"unknown member '{unknown}' of this action; known are {string.Join(", ", known)}");
        return new StepAction(request, data) { AsksForTools = asksForTools, Tool = tool };
    }
}
