using System.Text.Json.Nodes;
using SandQueue.Cli.Screens;
using SandQueue.Cli.Wording;
using Spectre.Console;

namespace SandQueue.Cli.Episodes;

/// <summary>Shows messages of an episode.</summary>
internal static class MessageView
{
    private const int Shown = 4000;

    public static void Show(Screen screen, JsonNode? message)
    {
        var role = message.Text("role") ?? "message";
        Show(screen, role, ContentOf(message));
    }

    public static void Show(Screen screen, string role, string content)
    {
        screen.Marked($"[{role}]", role switch { "system" => Color.Grey, "assistant" => Color.Green, "tool" => Color.Yellow, _ => Color.Blue });
        screen.Text(content.Length <= Shown ? content : $"{content[..Shown]}\n… {Figures.Count(content.Length - Shown)} further characters; --json shows all");
    }

    private static string ContentOf(JsonNode? message)
    {
        var content = message.Member("content") switch
        {
            null => "",
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            var other => other.ToJsonString(),
        };
        var calls = message.List("tool_calls");
        return calls is null ? content : string.Join('\n', ((string[])[content, .. calls.Select(call => call.Object("function") is { } function ? $"{function.Text("name")}({function.Text("arguments")})" : call?.ToJsonString() ?? "")]).Where(part => part.Length > 0));
    }
}
