using System.Text.Json.Nodes;

namespace SandQueue.ModelServers;

/// <summary>What the endpoint does with a call.</summary>
public abstract record ModelReply
{
    private ModelReply()
    {
    }

    /// <summary>Says a text.</summary>
    public static ModelReply Say(string text) => new Message(new JsonObject { ["role"] = "assistant", ["content"] = text });

    /// <summary>Calls a tool.</summary>
    /// <param name="id">The call's id.</param>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">JSON.</param>
    public static ModelReply Use(string id, string name, string arguments) => new Message(new JsonObject
    {
        ["role"] = "assistant",
        ["content"] = null,
        ["tool_calls"] = new JsonArray(new JsonObject
        {
            ["id"] = id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
        }),
    });

    /// <summary>Answers with a message, whole or in pieces as it was asked for.</summary>
    /// <param name="Said">The assistant's message.</param>
    public sealed record Message(JsonObject Said) : ModelReply
    {
        /// <summary>More members of the choice, as <c>token_ids</c>.</summary>
        public JsonObject? Beside { get; init; }

        /// <summary>Whether it tells what it used.</summary>
        public bool HasUsage { get; init; } = true;
    }

    /// <summary>Answers with a status.</summary>
    /// <param name="Code">The status.</param>
    /// <param name="Body">Its body.</param>
    /// <param name="RetryAfter">The header of that name.</param>
    /// <param name="Location">The header of that name.</param>
    public sealed record Status(int Code, string Body = """{"error":{"message":"no","code":"test"}}""", string? RetryAfter = null, string? Location = null) : ModelReply;

    /// <summary>Answers with these bytes as they are.</summary>
    /// <param name="Text">The body.</param>
    /// <param name="ContentType">Its type.</param>
    public sealed record Raw(string Text, string ContentType = "application/json") : ModelReply;

    /// <summary>Never answers.</summary>
    public sealed record Hang : ModelReply;

    /// <summary>Begins to answer and breaks the connection off.</summary>
    public sealed record Cut : ModelReply;
}
