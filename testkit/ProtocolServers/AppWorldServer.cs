using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace SandQueue.ProtocolServers;

/// <summary>AppWorld's own server: one world in the process, and a second silently takes the place of the first.</summary>
public sealed class AppWorldServer : GameServer
{
    private Game? _world;

    /// <summary>Worlds that were destroyed by the next one.</summary>
    public int Destroyed { get; private set; }

    /// <summary>The requests, as they came.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>Fails to close, as a server does whose state was loaded from a checkpoint.</summary>
    public bool CannotClose { get; set; }

    protected override async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Method == "GET")
        {
            await WriteAsync(context, context.Request.Path == "/" ? 200 : 404, new JsonObject { ["message"] = "AppWorld-shaped" });
            return;
        }

        var path = context.Request.Path.Value!;
        var request = await ReadAsync(context);
        var task = request["task_id"]!.GetValue<string>();
        var code = request["code"]?.GetValue<string>() ?? "";
        Bodies.Enqueue(request.ToJsonString());
        Asked.Enqueue($"{path} {code}".TrimEnd());
        if (await MisbehaveAsync(context, code)) return;

        var (status, answer) = path == "/initialize" ? Initialize(task, request) : Answer(path, task, code, request);
        await WriteAsync(context, status, status == 200 ? new JsonObject { ["output"] = answer } : new JsonObject { ["detail"] = answer });
    }

    private (int Status, JsonNode? Answer) Initialize(string task, JsonObject request)
    {
        if (!Game.Has(task)) return (400, $"there is no task {task}");
        if (request["experiment_name"] is null) return (422, "experiment_name is missing");
        if (_world is not null) Destroyed++;
        _world = new Game(task, Version);
        return (200, new JsonObject
        {
            ["task_id"] = task,
            ["instruction"] = _world.Opening,
            ["supervisor"] = new JsonObject { ["first_name"] = "Ada", ["last_name"] = "Byron", ["email"] = "ada@example.com", ["phone_number"] = "5550100" },
            ["datetime"] = "2023-05-18T12:00:00",
        });
    }

    private (int Status, JsonNode? Answer) Answer(string path, string task, string code, JsonObject request)
    {
        if (_world is null || _world.Task != task) return (500, $"no world of task {task} is open");
        switch (path)
        {
            case "/execute":
                return (200, code == Game.Wrong ? "Execution failed. Traceback:\n  SyntaxError: that is wrong" : _world.Play(code).Observation);
            case "/task_completed":
                return (200, _world.Ended);
            case "/evaluate":
                return request["suppress_errors"]?.GetValue<bool>() == true ? (200, Verdict(_world)) : (500, "AssertionError");
            case "/close" when CannotClose:
                return (500, "pop from empty list");
            case "/close":
                _world = null;
                return (200, null);
            default:
                return (404, "Not Found");
        }
    }

    private static JsonObject Verdict(Game world)
    {
        JsonArray passes = [], failures = [];
        foreach (var (requirement, met) in (ReadOnlySpan<(string, bool)>)[("somebody said good", world.Praised), ("the task was completed", world.Ended)])
        {
            (met ? passes : failures).Add((JsonNode)new JsonObject { ["requirement"] = requirement, ["label"] = null });
        }

        return new JsonObject
        {
            ["success"] = failures.Count == 0,
            ["difficulty"] = int.Parse(world.Task, CultureInfo.InvariantCulture),
            ["num_tests"] = passes.Count + failures.Count,
            ["passes"] = passes,
            ["failures"] = failures,
        };
    }
}
