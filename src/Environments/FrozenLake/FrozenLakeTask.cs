using System.Globalization;
using System.Text.RegularExpressions;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.FrozenLake;

/// <summary>What a task id says: <c>4x4-17</c>, <c>8x8-slippery-17</c>. A task has one way of writing it, so no leading zeros.</summary>
internal sealed partial record FrozenLakeTask(int Size, bool Slippery, long Seed)
{
    public const int Smallest = 2;
    public const int Largest = 16;

    /// <summary>Turns in an episode: 100 on 4x4 and 200 on 8x8, as the environments of these names have it elsewhere.</summary>
    public int MaxMoves => 25 * Size;

    /// <exception cref="InvalidRequestException">No task is written so.</exception>
    public static FrozenLakeTask Parse(string id)
    {
        if (Grammar().Match(id) is { Success: true } match
            && int.Parse(match.Groups["size"].ValueSpan, CultureInfo.InvariantCulture) is >= Smallest and <= Largest and var size)
        {
            return new FrozenLakeTask(size, match.Groups["slippery"].Success, long.Parse(match.Groups["seed"].ValueSpan, CultureInfo.InvariantCulture));
        }

        throw new InvalidRequestException(
            $"frozenlake has no task {AgentText.Quoted(id)}; ids are written 4x4-17 or 8x8-slippery-17, "
            + $"with a size from {Smallest} to {Largest} and a seed of at most 18 digits without leading zeros");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Size}x{Size}{(Slippery ? "-slippery" : "")}-{Seed}");

    [GeneratedRegex(@"\A(?<size>[1-9][0-9]?)x\k<size>(?<slippery>-slippery)?-(?<seed>0|[1-9][0-9]{0,17})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
