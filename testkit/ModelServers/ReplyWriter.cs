using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SandQueue.ModelServers;

/// <summary>Writes what a call is answered with.</summary>
internal static class ReplyWriter
{
    private const int PieceLength = 5;

    public static async Task WriteAsync(HttpContext context, ModelCall call, ModelReply reply, CancellationToken cancellationToken)
    {
        var response = context.Response;
        switch (reply)
        {
            case ModelReply.Message message when call.IsStreamed:
                response.ContentType = "text/event-stream; charset=utf-8";
                foreach (var piece in Pieces(call, message))
                {
                    await response.WriteAsync($"data: {piece}\n\n", cancellationToken);
                    await response.Body.FlushAsync(cancellationToken);
                }

                break;
            case ModelReply.Message message:
                response.ContentType = "application/json";
                await response.WriteAsync(Whole(call, message).ToJsonString(), cancellationToken);
                break;
            case ModelReply.Status status:
                response.StatusCode = status.Code;
                if (status.RetryAfter is { } after) response.Headers.RetryAfter = after;
                if (status.Location is { } location) response.Headers.Location = location;
                response.ContentType = "application/json";
                await response.WriteAsync(status.Body, cancellationToken);
                break;
            case ModelReply.Raw raw:
                response.ContentType = raw.ContentType;
                await response.WriteAsync(raw.Text, cancellationToken);
                break;
            case ModelReply.Hang:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
            default:
                response.ContentType = call.IsStreamed ? "text/event-stream" : "application/json";
                response.ContentLength = call.IsStreamed ? null : 1000;
                await response.WriteAsync(call.IsStreamed ? "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ha\"}}]}\n\n" : "{\"id\":", cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
                context.Abort();
                break;
        }
    }

    private static JsonObject Head(ModelCall call, string kind) => new()
    {
        ["id"] = string.Create(CultureInfo.InvariantCulture, $"chatcmpl-{call.Number}"),
        ["object"] = kind,
        ["created"] = 0,
        ["model"] = call.Body.GetProperty("model").GetString(),
    };

    private static JsonObject Usage(ModelCall call) => new() { ["prompt_tokens"] = call.Messages.Count * 10, ["completion_tokens"] = 5, ["total_tokens"] = (call.Messages.Count * 10) + 5 };

    private static string Reason(ModelReply.Message message) => message.Said["tool_calls"] is null ? "stop" : "tool_calls";

    private static JsonObject Whole(ModelCall call, ModelReply.Message message)
    {
        var choice = new JsonObject { ["index"] = 0, ["message"] = message.Said.DeepClone(), ["finish_reason"] = Reason(message) };
        foreach (var (name, value) in message.Beside ?? []) choice[name] = value?.DeepClone();
        var answer = Head(call, "chat.completion");
        answer["choices"] = new JsonArray(choice);
        if (message.HasUsage) answer["usage"] = Usage(call);
        return answer;
    }

    private static IEnumerable<string> Pieces(ModelCall call, ModelReply.Message message)
    {
        yield return Piece(call, new JsonObject { ["role"] = "assistant", ["content"] = message.Said["content"] is null ? null : "" });
        foreach (var (name, value) in message.Said)
        {
            if (name is "role" or "tool_calls" || value is null) continue;
            if (value is JsonValue text && text.TryGetValue<string>(out var whole))
            {
                foreach (var part in Parts(whole)) yield return Piece(call, new JsonObject { [name] = part });
            }
            else
            {
                yield return Piece(call, new JsonObject { [name] = value.DeepClone() });
            }
        }

        var calls = message.Said["tool_calls"] as JsonArray ?? [];
        for (var index = 0; index < calls.Count; index++)
        {
            var (id, function) = ((string)calls[index]!["id"]!, calls[index]!["function"]!);
            yield return Piece(call, Call(index, new JsonObject { ["id"] = id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = (string)function["name"]!, ["arguments"] = "" } }));
            foreach (var part in Parts((string)function["arguments"]!)) yield return Piece(call, Call(index, new JsonObject { ["function"] = new JsonObject { ["arguments"] = part } }));
        }

        yield return Piece(call, [], Reason(message), message.Beside);
        if (message.HasUsage)
        {
            var last = Head(call, "chat.completion.chunk");
            (last["choices"], last["usage"]) = (new JsonArray(), Usage(call));
            yield return last.ToJsonString();
        }

        yield return "[DONE]";
    }

    private static JsonObject Call(int index, JsonObject members)
    {
        members["index"] = index;
        return new JsonObject { ["tool_calls"] = new JsonArray(members) };
    }

    private static string Piece(ModelCall call, JsonObject delta, string? reason = null, JsonObject? beside = null)
    {
        var choice = new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = reason };
        foreach (var (name, value) in beside ?? []) choice[name] = value?.DeepClone();
        var piece = Head(call, "chat.completion.chunk");
        (piece["choices"], piece["usage"]) = (new JsonArray(choice), null);
        return piece.ToJsonString();
    }

    private static IEnumerable<string> Parts(string text)
    {
        var runes = text.EnumerateRunes().Select(rune => rune.ToString()).ToList();
        for (var at = 0; at < runes.Count; at += PieceLength) yield return string.Concat(runes.Skip(at).Take(PieceLength));
    }
}
