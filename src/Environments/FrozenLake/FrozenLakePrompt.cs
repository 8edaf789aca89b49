using System.Globalization;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.FrozenLake;

/// <summary>The wording of the first two messages, and the tool.</summary>
internal static class FrozenLakePrompt
{
    public const string Tool = "move";
    public const string ToolArgument = "direction";

    private const string System = "{{rules}}";
    private const string User = "{{map}}\n\nWhich way do you go?";

    private static readonly ReadOnlyMemory<byte> Tools =
        """[{"type":"function","function":{"name":"move","description":"Take one step on the lake.","parameters":{"type":"object","properties":{"direction":{"type":"string","enum":["left","down","right","up"],"description":"Where to step."}},"required":["direction"]}}}]"""u8.ToArray();

    /// <exception cref="InvalidRequestException">The caller's wording has an unknown slot.</exception>
    public static Opening Write(FrozenLakeTask task, Lake lake, PromptTemplate template)
    {
        var (system, user) = template.Fill(System, User, new Dictionary<string, string>
        {
            ["rules"] = Rules(task),
            ["map"] = lake.Draw(0),
            ["size"] = task.Size.ToString(CultureInfo.InvariantCulture),
            ["max_moves"] = task.MaxMoves.ToString(CultureInfo.InvariantCulture),
        });
        return new Opening(system, user, Tools)
        {
            Info = new JsonObject { ["size"] = task.Size, ["slippery"] = task.Slippery, ["max_moves"] = task.MaxMoves },
        };
    }

    public static string Rules(FrozenLakeTask task) => string.Create(CultureInfo.InvariantCulture, $"""
        You cross a frozen lake on foot, from its top left corner to the goal in its bottom right corner.

        The map has {task.Size} rows of {task.Size} cells: A is you, . is ice, H is a hole, G is the goal. A move is one step: left, down, right or up. A step over the edge leaves you where you are. Reaching the goal ends the episode with reward 1; stepping into a hole ends it with reward 0. You have {task.MaxMoves} moves.
        {(task.Slippery ? "The ice is slippery: one step in three goes where you want, one in three goes to the one side and one in three to the other side, at right angles to it.\n" : "")}
        Give a move as <action>right</action> or with the tool {Tool}, or several in their order, as <answer>Down || Right</answer>; the numbers 1 to 4 stand for left, down, right and up. In text, the last <action> or <answer> tag counts, and in each of its moves the last of the words left, down, right, up; without a tag it is the last of these words in your message. What you think between <think> and </think> does not count. A tool call goes before text, and of several calls only the first is carried out. Moves are taken until the episode ends or one cannot be read. A message without a move costs a move.
        """);
}
