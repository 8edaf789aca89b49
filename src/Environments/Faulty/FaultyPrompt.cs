using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Faulty;

/// <summary>The wording of the first two messages, and the tool.</summary>
internal static class FaultyPrompt
{
    public const string Tool = "fault";
    public const string ToolArgument = "action";

    public const string Rules =
        "Every message is an action that asks for a fault: echo, count, roll, reward, end, differ, nul, surrogate, big, slow, hang, hang-once, ignore-cancellation, eat, crash, crash-once, throw, refuse, fail-evaluate, fail-release.";

    private static readonly ReadOnlyMemory<byte> Tools =
        """[{"type":"function","function":{"name":"fault","description":"Ask for a fault.","parameters":{"type":"object","properties":{"action":{"type":"string","description":"The action as a message would hold it."}},"required":["action"]}}}]"""u8.ToArray();

    /// <param name="mark">Text of this instance alone, for the task whose first messages never repeat.</param>
    /// <param name="template">The caller's wording.</param>
    public static Opening Write(string mark, PromptTemplate template)
    {
        var (system, user) = template.Fill("{{rules}}", "Ready.{{mark}}", new Dictionary<string, string> { ["rules"] = Rules, ["mark"] = mark });
        return new Opening(system, user, Tools);
    }
}
