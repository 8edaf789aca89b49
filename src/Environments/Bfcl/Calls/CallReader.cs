using System.Text;
using System.Text.Json;
using SandQueue.Environments.Episodes;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Bfcl.Calls;

/// <summary>Reads single calls. Every mistake is said in words that let the agent put it right.</summary>
internal static class CallReader
{
    private const string Form = "write {\"name\": \"<function>\", \"arguments\": {…}}";

    public static AgentCall Native(NativeToolCall call)
    {
        if (string.IsNullOrWhiteSpace(call.Name)) return new AgentCall(call.Id, "", default, "the call has no function name");
        // Some servers send an empty text for a function without parameters.
        if (string.IsNullOrWhiteSpace(call.Arguments)) return new AgentCall(call.Id, call.Name, EmptyObject);
        return Parse(call.Arguments, out var value, out var mistake)
            ? WithArguments(call.Id, call.Name, value)
            : new AgentCall(call.Id, call.Name, default, $"the arguments are not JSON: {mistake}");
    }

    /// <summary>Adds the call of one block, or the calls where the block holds a list of them.</summary>
    public static void Block(string content, List<AgentCall> calls)
    {
        if (!Parse(content, out var value, out var mistake)) calls.Add(Broken($"the block does not hold JSON: {mistake}; {Form}"));
        else if (value.ValueKind != JsonValueKind.Array) calls.Add(Call(value));
        else if (value.GetArrayLength() == 0) calls.Add(Broken($"the block holds no call; {Form}"));
        else calls.AddRange(value.EnumerateArray().Select(Call));
    }

    private static AgentCall Call(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return Broken($"a call is an object, not {value.Shown()}; {Form}");
        if (!value.TryGetMember("name", out var name)) return Broken($"the call has no \"name\"; {Form}");
        if (name.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(name.Text()))
        {
            return Broken($"\"name\" must be the name of a function, not {name.Shown()}; {Form}");
        }

        return value.TryGetMember("arguments", out var arguments)
            ? WithArguments(null, name.Text(), arguments)
            : new AgentCall(null, name.Text(), default, $"the call has no \"arguments\"; {Form}, with {{}} for a function without parameters");
    }

    private static AgentCall WithArguments(string? id, string name, JsonElement arguments)
    {
        // Many models write the arguments as JSON inside a string, as the native form has them.
        if (arguments.ValueKind == JsonValueKind.String && Parse(arguments.Text(), out var inner, out _)) arguments = inner;
        return arguments.ValueKind switch
        {
            JsonValueKind.Object => new AgentCall(id, name, arguments),
            JsonValueKind.Null => new AgentCall(id, name, EmptyObject),
            _ => new AgentCall(id, name, default, $"the arguments must be an object of parameter names and values, not {arguments.Shown()}"),
        };
    }

    private static AgentCall Broken(string mistake) => new(null, "", default, mistake);

    private static bool Parse(string text, out JsonElement value, out string mistake)
    {
        // By way of bytes: the parser throws at half a surrogate pair in a text, while the encoder only replaces it.
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes);
        (value, mistake) = (default, "");
        try
        {
            value = JsonElement.ParseValue(ref reader);
            return !reader.Read();
        }
        catch (JsonException exception)
        {
            var place = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
            mistake = bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty ? "nothing is there"
                : value.ValueKind == JsonValueKind.Undefined ? $"it breaks at {place}"
                : $"it ends before {place}, where more text follows";
            return false;
        }
    }

    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");
}
