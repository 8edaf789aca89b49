using System.Text;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Bfcl.Prompts;

/// <summary>
/// Writes the first two messages of an episode. <c>params.tool_prompt</c> chooses how the system message shows the
/// tools: <c>xml</c>, a <c>&lt;tools&gt;</c> block with a schema a line; <c>json</c>, a list; <c>none</c>, for trainers
/// whose chat template writes the tools itself from <c>info.tools</c>.
/// </summary>
internal static class ToolPrompt
{
    private const string Form = """
        To call a function, write its name and its arguments as a JSON object between <tool_call> and </tool_call>, one such block for each call:
        <tool_call>
        {"name": "<name of the function>", "arguments": {"<name of a parameter>": <value>}}
        </tool_call>
        """;

    /// <param name="manners">How the kind of task goes on after a call, said to the agent in a sentence or two.</param>
    /// <param name="info">More members for <c>info</c>.</param>
    public static Opening Open(OfferedTools tools, UserTurn turn, string manners, JsonObject info, EpisodeParameters parameters)
    {
        var style = Style(parameters);
        var list = tools.List();
        var (intro, shown) = style switch
        {
            "xml" => ("You can call functions to do what the user asks. Each line between <tools> and </tools> describes one of them:\n{{tools}}\n\n" + Form, Block(tools)),
            "json" => ("You can call functions to do what the user asks. This JSON list describes them:\n{{tools}}\n\n" + Form, list),
            "none" => ("You can call functions to do what the user asks.", ""),
            _ => throw new InvalidRequestException($"params.tool_prompt must be \"xml\", \"json\" or \"none\", not \"{style}\""),
        };

        var system = $"{intro}\n\n{manners}" + (turn.Instructions.Length > 0 ? "\n\n{{instructions}}" : "");
        var slots = new Dictionary<string, string> { ["tools"] = shown, ["question"] = turn.Question, ["instructions"] = turn.Instructions };
        var (systemText, userText) = parameters.Template.Fill(system, "{{question}}", slots);
        return new Opening(systemText, userText, Encoding.UTF8.GetBytes(list)) { Info = info };
    }

    /// <summary>Tools as the chosen style shows them; empty where it does not.</summary>
    public static string Shown(OfferedTools tools, EpisodeParameters parameters) => Style(parameters) switch
    {
        "json" => tools.List(),
        "none" => "",
        _ => Block(tools),
    };

    private static string Style(EpisodeParameters parameters) => parameters.Text("tool_prompt") ?? "xml";

    /// <summary>The tools as the <c>xml</c> style shows them.</summary>
    public static string Block(OfferedTools tools) =>
        tools.Schemas.Count == 0 ? "<tools>\n</tools>" : $"<tools>\n{string.Join('\n', tools.Schemas)}\n</tools>";

    /// <summary>What <c>get_info</c> answers.</summary>
    public static string Describe(OfferedTools tools) => $"Available tools:\n{string.Join('\n', tools.Schemas)}";
}
