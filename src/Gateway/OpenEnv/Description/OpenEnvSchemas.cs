using System.Text.Json.Nodes;

namespace SandQueue.Gateway.OpenEnv.Description;

/// <summary>The JSON Schemas of actions, observations and states. Programs that know no environment go by the action's: one titled CallToolAction has tools, one with a single required member takes text.</summary>
internal static class OpenEnvSchemas
{
    /// <summary>The version of the protocol's routes.</summary>
    private const string RoutesVersion = "1.0.0";

    private const string TextAction =
        """
        {"title":"MessageAction","type":"object","additionalProperties":false,"required":["message"],"properties":{
          "message":{"title":"Message","type":"string","description":"The text of the agent's message."},
          "step":{"title":"Step","type":"integer","description":"The number that the step must have, from 1; in a durable session it has to be there."},
          "metadata":{"title":"Metadata","type":"object","description":"Is not read."}}}
        """;

    private const string CallToolAction =
        """
        {"title":"CallToolAction","type":"object","additionalProperties":false,"required":["tool_name"],"properties":{
          "type":{"title":"Type","type":"string","const":"call_tool","default":"call_tool"},
          "tool_name":{"title":"Tool Name","type":"string","description":"The tool to call, one that list_tools names."},
          "arguments":{"title":"Arguments","type":"object","description":"Its arguments."},
          "step":{"title":"Step","type":"integer","description":"The number that the step must have, from 1; in a durable session it has to be there."},
          "metadata":{"title":"Metadata","type":"object","description":"Is not read."}}}
        """;

    private const string Observation =
        """
        {"title":"Observation","type":"object","properties":{
          "messages":{"type":"array","description":"What the environment says, as messages of a conversation.","items":{"type":"object","properties":{"role":{"type":"string"},"content":{"type":"string"}}}},
          "text":{"type":"string","description":"The same as one text."},
          "step":{"type":"integer","description":"The number of the step, from 1; 0 after a reset."},
          "tool_name":{"type":"string"},"result":{"type":"string","description":"What a call gave."},"error":{"type":"null"},
          "end_reason":{"type":["string","null"]},"truncated":{"type":"boolean"},
          "score":{"type":["number","null"],"description":"Of an episode that is over: what its evaluation says."},
          "evaluation":{"description":"The whole evaluation."},
          "info":{"type":"object","description":"After a reset with tools and provenance."}}}
        """;

    private const string State =
        """
        {"title":"State","type":"object","properties":{
          "episode_id":{"type":["string","null"]},"step_count":{"type":"integer","minimum":0},"instance_id":{"type":"string"},"env_type":{"type":"string"},"task_id":{"type":"string"},
          "seed":{"type":["integer","null"]},"done":{"type":"boolean"},"end_reason":{"type":["string","null"]},"truncated":{"type":"boolean"},
          "score":{"type":["number","null"]},"evaluation":{},"provenance":{"type":["object","null"]}}}
        """;

    public static JsonObject All(bool isTextOnly) => new()
    {
        ["action"] = JsonNode.Parse(isTextOnly ? TextAction : CallToolAction),
        ["observation"] = JsonNode.Parse(Observation),
        ["state"] = JsonNode.Parse(State),
    };

    /// <summary>An OpenAPI document of the routes over plain HTTP.</summary>
    public static JsonObject Document(string environment) => new()
    {
        ["openapi"] = "3.1.0",
        ["info"] = new JsonObject { ["title"] = $"OpenEnv: {environment}", ["version"] = RoutesVersion },
        ["paths"] = new JsonObject
        {
            ["/health"] = Operation("get", "Whether the environment is served"),
            ["/metadata"] = Operation("get", "Describes the environment"),
            ["/schema"] = Operation("get", "The schemas of actions, observations and states"),
            ["/mcp"] = Operation("post", "Lists and calls tools, by JSON-RPC"),
        },
    };

    private static JsonObject Operation(string method, string summary) => new()
    {
        [method] = new JsonObject { ["summary"] = summary, ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "The answer" } } },
    };
}
