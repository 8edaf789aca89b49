using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>Reads single calls. Every mistake is said in words that let the agent put it right.</summary>
internal static class CallReader
{
    private const string Form = "write {\"name\": \"<function>\", \"arguments\": {…}}";

    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");

    public static AgentCall Native(NativeToolCall call)
    {
        if (call.Mistake is { } mistake) return AgentCall.Broken(call.Id, call.Name, mistake);
        if (NameMistake(call.Name) is { } wrong) return AgentCall.Broken(call.Id, "", wrong);
        // Some servers send an empty text for a function without parameters.
        if (string.IsNullOrWhiteSpace(call.Arguments)) return new AgentCall(call.Id, call.Name, EmptyObject);
        return CallJson.Arguments.TryReadAll(call.Arguments, out var arguments, out mistake)
            ? WithArguments(call.Id, call.Name, arguments)
            : AgentCall.Broken(call.Id, call.Name, mistake);
    }

    /// <summary>Adds the call that a block holds, or the calls where it holds a list of them; one more than a message may have is enough.</summary>
    public static void Block(JsonElement value, List<AgentCall> calls)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            calls.Add(Call(value));
            return;
        }

        if (value.GetArrayLength() == 0) calls.Add(Broken($"the block holds no call; {Form}"));
        calls.AddRange(value.EnumerateArray().Take(MessageLimits.Calls + 1).Select(Call));
    }

    /// <summary>Adds the mistake of a block whose content is no JSON.</summary>
    public static void BrokenBlock(string mistake, List<AgentCall> calls) => calls.Add(Broken($"{mistake}; {Form}"));

    private static AgentCall Call(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return Broken($"a call is an object, not {value.Shown()}; {Form}");
        if (!value.TryGetMember("name", out var name)) return Broken($"the call has no \"name\"; {Form}");
        if (name.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(name.Text()))
        {
            return Broken($"\"name\" must be the name of a function, not {name.Shown()}; {Form}");
        }

        if (NameMistake(name.Text()) is { } mistake) return Broken(mistake);
        return value.TryGetMember("arguments", out var arguments)
            ? WithArguments(null, name.Text(), arguments)
            : AgentCall.Broken(null, name.Text(), $"the call has no \"arguments\"; {Form}, with {{}} for a function without parameters");
    }

    // Many models write the arguments as JSON inside a string, and some servers put that into a string again.
    private static AgentCall WithArguments(string? id, string name, JsonElement arguments)
    {
        var value = arguments;
        while (value.ValueKind == JsonValueKind.String)
        {
            var text = value.Text();
            if (string.IsNullOrWhiteSpace(text)) return new AgentCall(id, name, EmptyObject);
            if (!CallJson.Arguments.TryReadAll(text, out value, out var mistake))
            {
                return AgentCall.Broken(id, name, text.AsSpan().TrimStart() is ['{' or '[', ..] ? mistake : NoObject(arguments));
            }
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object when ArgumentsMistake(value) is { } mistake => AgentCall.Broken(id, name, mistake),
            JsonValueKind.Object => new AgentCall(id, name, value),
            JsonValueKind.Null => new AgentCall(id, name, EmptyObject),
            _ => AgentCall.Broken(id, name, NoObject(value)),
        };
    }

    private static string NoObject(JsonElement arguments) => $"the arguments must be an object of parameter names and values, not {arguments.Shown()}";

    private static string? NameMistake(string name) =>
        string.IsNullOrWhiteSpace(name) ? "the call has no function name"
        : name.Length > MessageLimits.Name ? $"the function's name has {Number(name.Length)} characters, and {Number(MessageLimits.Name)} are the most"
        : null;

    private static string? ArgumentsMistake(JsonElement arguments)
    {
        if (arguments.GetPropertyCount() is var count and > MessageLimits.Arguments)
        {
            return $"the call has {Number(count)} arguments, and {Number(MessageLimits.Arguments)} are the most";
        }

        foreach (var argument in arguments.EnumerateObject())
        {
            if (Encoding.UTF8.GetCharCount(JsonMarshal.GetRawUtf8PropertyName(argument)) is var length and > MessageLimits.Name)
            {
                return $"the name of an argument has {Number(length)} characters, and {Number(MessageLimits.Name)} are the most";
            }
        }

        return null;
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static AgentCall Broken(string mistake) => AgentCall.Broken(null, "", mistake);
}
