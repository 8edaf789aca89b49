using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl.Prompts;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>The words around a task's own: how an episode opens, and how a later turn begins.</summary>
internal static class Conversation
{
    /// <summary>The marker trainers know an episode's end by.</summary>
    public const string Completed = "[CONVERSATION_COMPLETED]";

    private const string Manners =
        "You get the results of your calls back and may then call again, as often as it takes; do all that the user asks before you stop. "
        + "A message without a call ends your turn, and the user may come back with something else. "
        + "If what the user asks needs a function you do not have, or an argument you cannot find out, say so and call nothing.";

    /// <summary>How a solution ends a turn in which it called something.</summary>
    public const string Done = "Done.";

    /// <summary>How a solution ends a turn in which there is nothing to call.</summary>
    public const string NotPossible = "I cannot do that with the functions and the details that I have.";

    private const string MoreTools = "From now on there are more functions.";

    private const string GoOn = "Please do now what could not be done without them.";

    public static Opening Open(MultiTurnTask task, EpisodeParameters parameters)
    {
        var tools = task.ToolsIn(0);
        var info = new JsonObject
        {
            ["test_id"] = task.Source.Id,
            ["tools_count"] = tools.Schemas.Count,
            ["questions_count"] = task.Turns.Count,
        };
        return ToolPrompt.Open(tools, task.Turns[0], Manners, info, parameters);
    }

    /// <summary>What the user says at the beginning of a later turn, with the tools that come with it.</summary>
    public static StepResult Turn(MultiTurnTask task, int turn, EpisodeParameters parameters)
    {
        var said = task.Turns[turn];
        var words = string.Join("\n\n", new[] { said.Instructions, said.Question }.Where(part => part.Length > 0));
        if (task.HandedOutIn(turn) is not { } added) return new StepResult(words);

        // The benchmark leaves the user nothing to say in such a turn.
        if (words.Length == 0) words = GoOn;
        var shown = ToolPrompt.Shown(added, parameters);
        var text = string.Join("\n\n", new[] { shown.Length > 0 ? $"{MoreTools}\n{shown}" : MoreTools, words });
        return new StepResult(text) { Info = new JsonObject { ["tools"] = JsonNode.Parse(task.ToolsIn(turn).List()) } };
    }
}
