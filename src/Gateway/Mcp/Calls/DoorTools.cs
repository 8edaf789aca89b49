using System.Text.Json;
using ModelContextProtocol.Protocol;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Results;
using SandQueue.Gateway.Mcp.Sessions;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>The tools of the door itself. Where the task that is played has a tool of that name, the door's has a prefix.</summary>
internal static class DoorTools
{
    public const string Environments = "list_environments";
    public const string Tasks = "list_tasks";
    public const string Open = "open_task";
    public const string Evaluate = "evaluate";
    public const string Release = "release";

    private const string Prefix = "sandqueue_";

    private static readonly Tool[] Idle =
    [
        Make(Environments, "Lists the environments, and how many tasks each has.", "{}", [], OutputSchemas.Environments, isReadOnly: true),
        Make(
            Tasks,
            "Lists the ids of an environment's tasks.",
            $$$"""{"env_type":{"type":"string","description":"An environment, as frozenlake."},"split":{"type":"string","description":"As train, val or test; train if not said."},"after":{"type":"string","description":"A task id: only those behind it in the list."},"limit":{"type":"integer","minimum":1,"maximum":{{{PageLimit.Largest}}},"description":"How many at most; {{{PageLimit.Usual}}} if not said."}}""",
            ["env_type"],
            OutputSchemas.Tasks,
            isReadOnly: true),
        Make(
            Open,
            "Opens a task: answers what its environment says first. From then on the tools of the task are listed, and every call of one is a step.",
            """{"env_type":{"type":"string","description":"An environment, as frozenlake."},"task_id":{"type":"string","description":"One of its tasks."},"params":{"type":"object","description":"What the environment takes, as seed and max_steps."},"instance_id":{"type":"string","description":"A name of your own for the instance. One that lives and has the same task and params is played on. A named instance stays when the session ends."}}""",
            ["env_type", "task_id"],
            OutputSchemas.Opening),
    ];

    private static readonly Tool[] Playing =
    [
        Make(Evaluate, "Scores the episode so far.", """{"params":{"type":"object","description":"What the environment takes."}}""", [], OutputSchemas.Evaluation),
        Make(Release, "Ends the instance. Its episode stays in the journal, and another task can be opened.", "{}", [], OutputSchemas.Release),
    ];

    private static readonly HashSet<string> Names = [.. Idle.Concat(Playing).Select(tool => tool.Name)];

    /// <summary>Those that are of use now.</summary>
    public static IEnumerable<Tool> For(OpenTask? task) => task is null ? Idle : Playing.Select(tool => task.Tools.Takes(tool.Name) ? Renamed(tool) : tool);

    /// <summary>The door's tool that a call means; null where it means none.</summary>
    public static string? Meant(string name, OpenTask? task)
    {
        if (task?.Tools.Takes(name) == true) return null;
        if (Names.Contains(name)) return name;
        return name.StartsWith(Prefix, StringComparison.Ordinal) && Names.Contains(name[Prefix.Length..]) ? name[Prefix.Length..] : null;
    }

    private static Tool Renamed(Tool tool) => new()
    {
        Name = Prefix + tool.Name,
        Description = tool.Description,
        InputSchema = tool.InputSchema,
        OutputSchema = tool.OutputSchema,
        Annotations = tool.Annotations,
    };

    private static Tool Make(string name, string description, string members, string[] required, JsonElement output, bool isReadOnly = false) => new()
    {
        Name = name,
        Description = description,
        InputSchema = JsonElement.Parse($$"""{"type":"object","properties":{{members}},"required":{{JsonSerializer.Serialize(required)}},"additionalProperties":false}"""),
        OutputSchema = output,
        Annotations = new ToolAnnotations { ReadOnlyHint = isReadOnly, OpenWorldHint = false },
    };
}
