using System.Globalization;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Environments.Bfcl.Calls;

/// <summary>The answer to a message with calls that cannot be read: none of its calls counts, and each hears why.</summary>
internal static class CallMistakes
{
    private const int MostTold = 20;

    public static bool In(AgentMessage message) => message.Calls.Any(call => call.Mistake is not null);

    public static StepResult Answer(AgentAction action, AgentMessage message) => new(Told(message))
    {
        ToolMessages = [.. action.ToolCalls.Select((call, index) => new ToolMessage(call.Id, call.Name, NotTaken(message, index)))],
    };

    private static string Told(AgentMessage message)
    {
        if (message.IsTooLarge) return $"Your message was not read: {message.Calls[0].Mistake}.\nNone of its calls was taken. Write fewer or shorter calls.";

        var lines = message.Calls.Select(Line).OfType<string>().ToList();
        if (lines.Count > MostTold)
        {
            var more = string.Create(CultureInfo.InvariantCulture, $"{lines.Count - MostTold} more calls cannot be read.");
            lines = [.. lines.Take(MostTold), more];
        }

        return $"{string.Join('\n', lines)}\nNone of the calls of this message was taken. Write all of them again.";
    }

    private static string? Line(AgentCall call, int index) =>
        call.Mistake is null ? null : $"Call {index + 1}{(call.Name.Length == 0 ? "" : $" ({call.Name})")}: {call.Mistake}.";

    private static string NotTaken(AgentMessage message, int index)
    {
        var mistake = message.Calls[message.IsTooLarge ? 0 : index].Mistake;
        return mistake is null ? "Not taken: another call of this message cannot be read." : $"Not taken: {mistake}.";
    }
}
