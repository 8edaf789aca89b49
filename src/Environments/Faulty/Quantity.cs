using System.Globalization;
using System.Text.RegularExpressions;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Faulty;

/// <summary>Reads the amounts of fault actions: <c>64MB</c>, <c>500ms</c>. A wrong one is a <see cref="FormatException"/> whose message is for the agent.</summary>
internal static partial class Quantity
{
    /// <summary>A number of bytes.</summary>
    public static int Bytes(string text)
    {
        var match = Size().Match(text);
        if (match.Success)
        {
            var unit = match.Groups[2].Value switch { "KB" => 1024L, "MB" => 1024L * 1024, _ => 1 };
            var bytes = unit * Whole(match.Groups[1]);
            if (bytes <= Array.MaxLength) return (int)bytes;
        }

        throw new FormatException($"{AgentText.Quoted(text)} is not a size below 2GB such as 64MB, 10KB or 100B");
    }

    /// <summary>A length of time.</summary>
    public static TimeSpan Time(string text)
    {
        var match = Duration().Match(text);
        return match.Success
            ? TimeSpan.FromMilliseconds((match.Groups[2].Value == "s" ? 1000L : 1) * Whole(match.Groups[1]))
            : throw new FormatException($"{AgentText.Quoted(text)} is not a time such as 500ms or 2s");
    }

    private static long Whole(Group digits) => long.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A([0-9]{1,9})(B|KB|MB)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Size();

    [GeneratedRegex(@"\A([0-9]{1,6})(ms|s)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
