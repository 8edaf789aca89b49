using SandQueue.Bench.Compare.Http;

namespace SandQueue.Bench.Compare.Players;

/// <summary>The calls of an episode of BFCL, multi-turn, from the sample that is built in. The environment server and the gateway take the same ones.</summary>
internal static class BfclCalls
{
    public const string Environment = "bfcl";

    /// <summary>A task whose agent works in a file system and with tickets.</summary>
    public const string Task = "multi_turn_base_sample0";

    /// <summary>A turn of this many messages: a measured episode never ends by itself.</summary>
    public const string LongTurn = """{"max_steps_per_turn":100000000}""";

    /// <summary>The agent lists a directory.</summary>
    public const string Action = """{"role":"assistant","content":"Let me look.\n<tool_call>\n{\"name\": \"ls\", \"arguments\": {\"a\": true}}\n</tool_call>"}""";

    /// <summary>What each answer to a step that succeeded has.</summary>
    public static ReadOnlySpan<byte> Stepped => "\"is_terminated\":false"u8;

    /// <summary>What stands before the number of a step.</summary>
    public static ReadOnlySpan<byte> StepNumber => "\"step\":"u8;

    public const string CreateBody = $$$"""{"env_type":"{{{Environment}}}","task_id":"{{{Task}}}","messages":{},"params":{{{LongTurn}}}}""";

    public static byte[] Create { get; } = RequestBytes.Post("/create", CreateBody);

    public static byte[] Step(string instance) => RequestBytes.Post("/step", StepBody(instance));

    public static byte[] Evaluate(string instance) => RequestBytes.Post("/evaluate", $$$"""{"instance_id":"{{{instance}}}","messages":{},"params":{"sparse":true}}""");

    public static byte[] Release(string instance) => RequestBytes.Post("/release", $$"""{"instance_id":"{{instance}}"}""");

    /// <summary>One step of each of many instances.</summary>
    public static byte[] Steps(IEnumerable<string> instances) =>
        RequestBytes.Post("/v1/steps", $$"""{"steps":[{{string.Join(',', instances.Select(instance => $$$"""{"instance_id":"{{{instance}}}","action":{{{Action}}}}"""))}}]}""");

    /// <summary>The body of a step, which the bare parts carry too, so that they move as many bytes.</summary>
    public static string StepBody(string instance) => $$$"""{"instance_id":"{{{instance}}}","messages":{{{Action}}},"params":{}}""";

    /// <summary>An answer as long as that of such a step, which the bare parts give.</summary>
    public const string Answer =
        """{"success":true,"data":{"state":[{"role":"user","content":"<tool_call>\n{\"name\": \"ls\", \"content\": {\"current_directory_content\": [\"harvest.txt\", \"old\", \".notes\"]}}\n</tool_call>"}],"reward":0.0,"is_terminated":false,"info":{"step":1}}}""";
}
