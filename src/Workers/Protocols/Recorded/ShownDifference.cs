using System.Text;
using SandQueue.Contracts;

namespace SandQueue.Workers.Protocols.Recorded;

/// <summary>Says in one line what was given and what is recorded, cut to where they differ.</summary>
internal static class ShownDifference
{
    private const int LongestShown = 200;

    /// <summary>Characters that are shown of what both have in common before the difference.</summary>
    private const int Before = 40;

    /// <param name="what">What differs.</param>
    /// <param name="recorded">As it is recorded, JSON in UTF-8.</param>
    /// <param name="given">As it was given.</param>
    /// <param name="step">The step's number.</param>
    /// <param name="episode">The episode's.</param>
    public static string Of(string what, ReadOnlyMemory<byte> recorded, ReadOnlyMemory<byte> given, int step, long episode)
    {
        var (expected, other) = (Text(recorded), Text(given));
        var common = expected.AsSpan().CommonPrefixLength(other);
        var from = Math.Max(expected.Length, other.Length) > LongestShown ? Math.Max(0, common - Before) : 0;
        return $"step {step} of episode {episode} was recorded with the {what} {Cut(expected, from)}, and the given {what} is {Cut(other, from)}";
    }

    private static string Text(ReadOnlyMemory<byte> json) => json.IsEmpty ? "{}" : Encoding.UTF8.GetString(json.Span);

    private static string Cut(string text, int from) => OneLine.Of(from > 0 ? $"…{text[from..]}" : text, LongestShown);
}
