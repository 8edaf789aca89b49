using System.Text.Json;

namespace SandQueue.Gateway.Mcp.Results;

/// <summary>What <c>structuredContent</c> has, by tool. A result that is an error has the members of a failure: no reward and no score, and why.</summary>
internal static class OutputSchemas
{
    private const string Failure = """
        "valid":{"type":"boolean","description":"False where there is no result: the command failed or was refused"},
        "command_id":{"type":"string","description":"The id of the command, which finds its end and its row in the journal"},
        "end":{"type":"string","description":"completed, rejected, expired, cancelled, failed or unknown"},
        "code":{"type":"string","description":"Why there is no result, for programs"},
        "detail":{"type":"string","description":"Why there is no result, one line"},
        "cause":{"type":"string","description":"Whose doing a failure was: agent, infrastructure or caller"},
        "instance_id":{"type":"string"}
        """;

    public static readonly JsonElement Step = Of("""
        "step":{"type":"integer","description":"The number of the step, from 1"},
        "observation":{"type":"string","description":"What the environment says"},
        "reward":{"type":["number","null"],"description":"The step's reward; null where there is none, and never 0 for a failure"},
        "terminated":{"type":"boolean","description":"Whether the episode is over"},
        "truncated":{"type":"boolean","description":"Whether a limit ended it"},
        "end_reason":{"type":["string","null"],"description":"Why it is over; null while it goes on"},
        """, "reward");

    public static readonly JsonElement Opening = Of("""
        "env_type":{"type":"string"},
        "task_id":{"type":"string"},
        "messages":{"type":"array","items":{"type":"object","properties":{"role":{"type":"string"},"content":{"type":"string"}}},"description":"What the environment says first: system and user"},
        "steps":{"type":"integer","description":"Steps that were taken before: above 0 where an instance that lives is played on"},
        """);

    public static readonly JsonElement Evaluation = Of("""
        "score":{"type":["number","null"],"description":"The score of the episode so far; null where there is none"},
        "evaluation":{"description":"The whole answer, with details and provenance"},
        """, "score");

    public static readonly JsonElement Release = Of("""
        "released":{"type":"boolean"},
        """);

    public static readonly JsonElement Environments = Of("""
        "environments":{"type":"array","items":{"type":"object","properties":{"env_type":{"type":"string"},"tasks":{"type":"integer"},"unlimited":{"type":"boolean"},"data_source":{"type":"string"}}}},
        """);

    public static readonly JsonElement Tasks = Of("""
        "tasks":{"type":"array","items":{"type":"string"}},
        "more":{"type":"boolean","description":"Whether there are more behind the last: ask for those after it"},
        """);

    private static JsonElement Of(string members, params string[] required) => JsonElement.Parse(
        $$"""{"type":"object","properties":{{{members}}{{Failure}}},"required":{{JsonSerializer.Serialize<string[]>([.. required, "valid"])}}}""");
}
