using System.Text.Json;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Sessions;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>Looks at what the SDK would only call "an error" once it is too late for a status: what begins a session, and the name of a tool that is called.</summary>
internal static class MessageCheck
{
    private const string Initialize = "initialize";

    /// <param name="message">A message of JSON-RPC.</param>
    /// <param name="isFirst">Whether it names no session, and its client speaks a revision of the protocol that has sessions.</param>
    /// <exception cref="BadRequestException">It cannot be what MCP asks for.</exception>
    public static void Require(JsonElement message, bool isFirst)
    {
        var fields = new JsonFields(message);
        var method = fields.Value("method") is { ValueKind: JsonValueKind.String } text ? Text(text, "method") : null;
        if (isFirst && method != Initialize) throw new BadRequestException($"the header {McpHeaders.Session} is missing, and only {Initialize} begins a session");
        if (method is not (Initialize or CallArguments.Method)) return;

        var parameters = new JsonFields(fields.Object("params"));
        if (method == CallArguments.Method)
        {
            Text(parameters, "name", "params.name");
            return;
        }

        Text(parameters, "protocolVersion", "params.protocolVersion");
        if (parameters.Value("capabilities") is not { ValueKind: JsonValueKind.Object }) throw new BadRequestException("params.capabilities must be an object");
        var client = new JsonFields(parameters.Object("clientInfo"));
        Text(client, "name", "params.clientInfo.name");
        Text(client, "version", "params.clientInfo.version");
    }

    private static void Text(JsonFields fields, string name, string shown)
    {
        if (fields.Value(name) is not { ValueKind: JsonValueKind.String } text) throw new BadRequestException($"{shown} must be a string");
        Text(text, shown);
    }

    private static string Text(JsonElement text, string shown)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new BadRequestException($"{shown} is not valid text");
        }
    }
}
