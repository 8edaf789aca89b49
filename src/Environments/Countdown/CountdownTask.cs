using System.Globalization;
using System.Text.RegularExpressions;
using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.Countdown;

/// <summary>What a task id says, <c>4-17</c>: how many numbers, and the seed. A task has one way of writing it, so no leading zeros.</summary>
internal sealed partial record CountdownTask(int Count, long Seed)
{
    /// <exception cref="InvalidRequestException">No task is written so.</exception>
    public static CountdownTask Parse(string id) =>
        Grammar().Match(id) is { Success: true } match
            ? new CountdownTask(
                int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture),
                long.Parse(match.Groups["seed"].ValueSpan, CultureInfo.InvariantCulture))
            : throw new InvalidRequestException(
                $"countdown has no task {AgentText.Quoted(id)}; ids are written 4-17, "
                + "with 3 to 6 numbers and a seed of at most 18 digits without leading zeros");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}-{Seed}");

    [GeneratedRegex(@"\A(?<count>[3-6])-(?<seed>0|[1-9][0-9]{0,17})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
