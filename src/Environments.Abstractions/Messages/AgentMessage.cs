using System.Globalization;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>
/// What an agent did and said with one message, by the rules that every environment follows. Thoughts are cut first. A
/// message with native tool calls is read by those alone: servers that parse calls often leave the text they parsed in
/// the message, and counting both would double every call. Else its calls are those in <c>&lt;tool_call&gt;</c> blocks.
/// A message without calls is its text, in which an environment may look for an action of its own form; where it finds
/// none, the message is talk.
/// </summary>
/// <param name="Text">The text without thoughts; <c>&lt;tool_call&gt;</c> blocks still stand in it.</param>
/// <param name="Calls">The calls in order, broken ones included; one with a mistake where the message is too large.</param>
/// <param name="IsTooLarge">Nothing of the message was read, as the mistake of its one call says.</param>
public sealed record AgentMessage(string Text, IReadOnlyList<AgentCall> Calls, bool IsTooLarge = false)
{
    /// <param name="action">The message as it was sent.</param>
    /// <param name="cancellationToken">Looked at for every call.</param>
    public static AgentMessage Read(AgentAction action, CancellationToken cancellationToken)
    {
        var length = action.ToolCalls.Aggregate((long)action.Content.Length, (sum, call) => sum + call.Name.Length + call.Arguments.Length);
        if (length > MessageLimits.Characters) return TooLarge("characters", length, MessageLimits.Characters);

        var spoken = Thoughts.CutClosed(action.Content);
        if (action.ToolCalls.Count == 0)
        {
            var (text, written) = ToolCallBlocks.Read(spoken, cancellationToken);
            return written.Count > MessageLimits.Calls ? TooManyCalls(null) : new AgentMessage(text, written);
        }

        if (action.ToolCalls.Count > MessageLimits.Calls) return TooManyCalls(action.ToolCalls.Count);
        var calls = new List<AgentCall>(action.ToolCalls.Count);
        foreach (var call in action.ToolCalls)
        {
            cancellationToken.ThrowIfCancellationRequested();
            calls.Add(CallReader.Native(call));
        }

        return new AgentMessage(Thoughts.CutOpen(spoken), calls);
    }

    // Of calls in the text no more are read than show that there are too many.
    private static AgentMessage TooManyCalls(int? count) => count is { } known
        ? TooLarge("calls", known, MessageLimits.Calls)
        : TooLarge($"the message has more than {Number(MessageLimits.Calls)} calls");

    private static AgentMessage TooLarge(string what, long count, int most) =>
        TooLarge($"the message has {Number(count)} {what}, and {Number(most)} are the most");

    private static AgentMessage TooLarge(string mistake) => new("", [AgentCall.Broken(null, "", mistake)], IsTooLarge: true);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
