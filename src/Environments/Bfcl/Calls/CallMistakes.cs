using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.Bfcl.Calls;

/// <summary>The answer to a message with calls that cannot be read: none of its calls counts, and each hears why.</summary>
internal static class CallMistakes
{
    public static StepResult Answer(IReadOnlyList<AgentCall> calls)
    {
        var lines = calls.Select((call, index) => call.Mistake is null ? null : $"Call {index + 1}{Named(call)}: {call.Mistake}.").OfType<string>();
        return new StepResult($"{string.Join('\n', lines)}\nNone of the calls of this message was taken. Write all of them again.")
        {
            ToolMessages =
            [
                .. calls.Where(call => call.Id is not null).Select(call => new ToolMessage(
                    call.Id!, call.Name, call.Mistake is null ? "Not taken: another call of this message cannot be read." : $"Not taken: {call.Mistake}.")),
            ],
        };
    }

    private static string Named(AgentCall call) => call.Name.Length == 0 ? "" : $" ({call.Name})";
}
