using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SandQueue.ProtocolServers;

/// <summary>An OpenEnv-shaped server: one connection is one environment, and nothing names a request.</summary>
public sealed class OpenEnvServer : GameServer
{
    private const int Largest = 1 << 20;

    private int _sessions;

    /// <summary>Frames to answer a connection with before anything is asked, and then to close it.</summary>
    public string? Greeting { get; set; }

    /// <summary>Cuts a connection that answers no ping for so long; null pings nobody.</summary>
    public TimeSpan? PingLimit { get; init; }

    /// <summary>Connections that are open now.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    protected override async Task HandleAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/health":
                await WriteAsync(context, 200, new JsonObject { ["status"] = "healthy" });
                break;
            case "/metadata":
                await WriteAsync(context, 200, new JsonObject { ["name"] = "game", ["version"] = "1.2" });
                break;
            case "/ws" when context.WebSockets.IsWebSocketRequest:
                using (var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = PingLimit / 4, KeepAliveTimeout = PingLimit }))
                {
                    await ServeAsync(context, socket);
                }

                break;
            default:
                await WriteAsync(context, 404, new JsonObject { ["detail"] = "Not Found" });
                break;
        }
    }

    private async Task ServeAsync(HttpContext context, WebSocket socket)
    {
        try
        {
            if (Interlocked.Increment(ref _sessions) > Capacity) await SendAsync(socket, Error("CAPACITY_REACHED", "there is no room"), context.RequestAborted);
            else if (Greeting is not null) await SendAsync(socket, Greeting, context.RequestAborted);
            else await PlayAsync(context, socket);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // The client is gone, and its environment with it.
        }
        finally
        {
            Interlocked.Decrement(ref _sessions);
        }

        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
    }

    private async Task PlayAsync(HttpContext context, WebSocket socket)
    {
        Game? game = null;
        var frame = new byte[Largest];
        while (await ReceiveAsync(socket, frame, context.RequestAborted) is { } text)
        {
            var request = JsonNode.Parse(text)!;
            var type = request["type"]!.GetValue<string>();
            var data = request["data"] as JsonObject;
            var said = (data?["message"] ?? data?["arguments"]?["text"]) is { } message && message.GetValueKind() == JsonValueKind.String ? message.GetValue<string>() : "";
            Asked.Enqueue($"{type} {(said.Length > 0 ? said : data?.ToJsonString())}".TrimEnd());
            if (type == "close") return;

            switch (said)
            {
                case Fault.Hang:
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                    break;
                case Fault.Slow:
                    await Slow;
                    break;
                case Fault.Huge:
                    await SendAsync(socket, Observation(Fault.Padding, 0, done: false), context.RequestAborted);
                    continue;
                case Fault.Garbage:
                    await SendAsync(socket, "<html>{", context.RequestAborted);
                    continue;
                case Fault.Cut:
                    context.Abort();
                    return;
                case "session_error":
                    await SendAsync(socket, Error("SESSION_ERROR", "it broke"), context.RequestAborted);
                    return;
            }

            await SendAsync(socket, Answer(type, data, said, ref game), context.RequestAborted);
            while (said == "flood") await SendAsync(socket, Observation("unasked", 999, done: false), context.RequestAborted);
        }
    }

    private string Answer(string type, JsonObject? data, string said, ref Game? game)
    {
        if (type == "reset")
        {
            var seed = data?["seed"]?.ToJsonString() ?? "1";
            if (!Game.Has(seed)) return Error("VALIDATION_ERROR", $"there is no task {seed}");
            game = new Game(seed, Version);
            return Observation(game.Opening, null, done: false);
        }

        if (type != "step") return Error("UNKNOWN_TYPE", type);
        if (game is null) return Error("EXECUTION_ERROR", "reset it first");
        if (data?["type"]?.GetValue<string>() == "list_tools") return Tools();
        if (data?["type"]?.GetValue<string>() == "call_tool" && data["tool_name"]!.GetValue<string>() != "game.say") return Error("VALIDATION_ERROR", "no such tool");
        if (data?["type"] is null && (data?["message"] is null || data.Count > 1)) return Error("VALIDATION_ERROR", "extra fields not permitted");
        if (said == Game.Wrong) return Error("VALIDATION_ERROR", "that is wrong");
        if (said == "fail") return Error("EXECUTION_ERROR", "division by zero");

        var (observation, reward) = game.Play(said);
        return Observation(observation, reward > 0 ? reward : null, game.Ended);
    }

    private static string Tools() => new JsonObject
    {
        ["type"] = "observation",
        ["data"] = new JsonObject
        {
            ["observation"] = new JsonObject
            {
                ["tools"] = new JsonArray(new JsonObject
                {
                    ["name"] = "game.say",
                    ["description"] = "Says something.",
                    ["input_schema"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["text"] = new JsonObject { ["type"] = "string" } } },
                }),
            },
            ["reward"] = null,
            ["done"] = false,
        },
    }.ToJsonString();

    private static string Observation(string text, double? reward, bool done) => new JsonObject
    {
        ["type"] = "observation",
        ["data"] = new JsonObject
        {
            ["observation"] = new JsonObject { ["text"] = text, ["turns"] = new JsonArray() },
            ["reward"] = reward,
            ["done"] = done,
        },
    }.ToJsonString();

    private static string Error(string code, string message) => new JsonObject
    {
        ["type"] = "error",
        ["data"] = new JsonObject { ["message"] = message, ["code"] = code },
    }.ToJsonString();

    private static Task SendAsync(WebSocket socket, string frame, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private static async Task<string?> ReceiveAsync(WebSocket socket, byte[] frame, CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(frame.AsMemory(length), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close) return null;
            length += received.Count;
            if (received.EndOfMessage) return Encoding.UTF8.GetString(frame, 0, length);
        }
    }
}
