using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace SandQueue.ProtocolServers;

/// <summary>The environment service as AgentScope's training images serve it: six verbs, and nothing about itself.</summary>
public class AgentScopeServer : GameServer
{
    private readonly ConcurrentDictionary<string, Game> _games = new(StringComparer.Ordinal);

    protected override async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (path == "/healthz")
        {
            await context.Response.WriteAsync("OK");
            return;
        }

        if (context.Request.Method != "POST")
        {
            await WriteAsync(context, 404, new JsonObject { ["detail"] = "Not Found" });
            return;
        }

        var request = await ReadAsync(context);
        var text = request["messages"]?["content"]?.GetValue<string>() ?? "";
        Asked.Enqueue($"{path} {text}".TrimEnd());
        if (await MisbehaveAsync(context, text)) return;

        var (status, answer) = Answer(path!, request, text);
        await WriteAsync(context, status, status == 200 ? new JsonObject { ["success"] = true, ["data"] = answer } : new JsonObject { ["detail"] = answer });
    }

    private (int Status, JsonNode? Answer) Answer(string path, JsonObject request, string text)
    {
        var id = request["instance_id"]?.GetValue<string>() ?? "";
        if (path == "/get_env_profile")
        {
            return request["params"]?["split"]?.GetValue<string>() is "train" ? (200, new JsonArray("1", "2", Game.RefusedTask)) : (400, "there is no such split");
        }

        if (path == "/create") return Create(id, request["task_id"]!.GetValue<string>());
        if (path == "/release") return (200, _games.TryRemove(id, out _) ? true : null);
        if (!_games.TryGetValue(id, out var game)) return (400, $"Instance {id} not found!");
        return path switch
        {
            "/step" => (200, Step(game, text)),
            "/evaluate" => (200, game.Praised && game.Ended ? 1.0 : 0.0),
            "/get_info" => (200, "the rules"),
            _ => (404, "Not Found"),
        };
    }

    private (int Status, JsonNode? Answer) Create(string id, string task)
    {
        if (!Game.Has(task)) return (400, $"there is no task {task}");
        if (_games.Count >= Capacity) return (500, "there is no room");
        var game = new Game(task, Version);
        _games[id] = game;
        return (200, new JsonObject
        {
            ["state"] = new JsonArray(Message("system", "Play."), Message("user", game.Opening)),
            ["info"] = new JsonObject { ["instance_id"] = id, ["task_id"] = task },
        });
    }

    private static JsonObject Step(Game game, string text)
    {
        var (observation, reward) = text == Game.Wrong ? ("That is wrong.", 0) : game.Play(text);
        return new JsonObject
        {
            ["state"] = new JsonArray(Message("user", observation)),
            ["reward"] = reward,
            ["is_terminated"] = game.Ended,
            ["info"] = new JsonObject(),
        };
    }

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };
}
