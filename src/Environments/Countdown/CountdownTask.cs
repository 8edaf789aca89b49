using System.Globalization;
using System.Text.RegularExpressions;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Countdown;

/// <summary>What a task id says, <c>4-17</c>: how many numbers, and the seed. A task has one way of writing it, so no leading zeros.</summary>
internal sealed partial record CountdownTask(int Count, long Seed)
{
    public const int Fewest = 3;
    public const int Most = 20;

    /// <exception cref="InvalidRequestException">No task is written so.</exception>
    public static CountdownTask Parse(string id) =>
        Grammar().Match(id) is { Success: true } match
            && int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) is >= Fewest and <= Most and var count
            ? new CountdownTask(
                count,
                long.Parse(match.Groups["seed"].ValueSpan, CultureInfo.InvariantCulture))
            : throw new InvalidRequestException(
                $"countdown has no task {AgentText.Quoted(id)}; ids are written 4-17, "
                + $"with {Fewest} to {Most} numbers and a seed of at most 18 digits without leading zeros");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}-{Seed}");

    [GeneratedRegex(@"\A(?<count>[1-9][0-9]?)-(?<seed>0|[1-9][0-9]{0,17})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
