using System.Text.Json;

namespace SandQueue.Gateway.Http;

/// <summary>
/// Takes the agent's message out of a call. What an agent may have written is for its environment to read, whatever it is; types that no
/// model server sends are the caller's mistake.
/// </summary>
internal static class AssistantMessage
{
    /// <returns>The message, byte for byte.</returns>
    /// <exception cref="BadRequestException">It is missing, empty, or of a type that no message has.</exception>
    public static byte[] Read(JsonFields call, string name)
    {
        var message = call.Object(name);
        if (message.ValueKind == JsonValueKind.Undefined) throw new BadRequestException($"{name} is required: the assistant's message, {{\"role\": \"assistant\", \"content\": …}}");

        var fields = new JsonFields(message);
        var (content, calls) = (fields.Value("content"), fields.Value("tool_calls"));
        if (content is { ValueKind: not (JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object) } text)
        {
            throw new BadRequestException($"{name}.content must be a string, a list of parts or null, not {RequestBody.Shown(text)}");
        }

        // Some servers send "" for no calls.
        return calls is { ValueKind: not (JsonValueKind.Array or JsonValueKind.Object) } list && !(list.ValueKind == JsonValueKind.String && list.ValueEquals(""))
            ? throw new BadRequestException($"{name}.tool_calls must be a list of calls or null, not {RequestBody.Shown(list)}")
            : JsonFields.Bytes(message);
    }
}
