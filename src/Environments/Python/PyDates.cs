using System.Globalization;
using System.Text.RegularExpressions;

namespace SandQueue.Environments.Python;

/// <summary><c>datetime.strptime</c> for the two formats the services use.</summary>
internal static partial class PyDates
{
    /// <summary><c>strptime(value, "%Y-%m-%d")</c>.</summary>
    public static DateTime ParseDay(PyValue value) => Parse(value, Day(), "%Y-%m-%d");

    /// <summary><c>strptime(value, "%Y-%m-%d %H:%M:%S")</c>.</summary>
    public static DateTime ParseSecond(PyValue value) => Parse(value, Second(), "%Y-%m-%d %H:%M:%S");

    private static DateTime Parse(PyValue value, Regex pattern, string format)
    {
        if (value is not PyStr text) throw PyError.TypeError($"strptime() argument 1 must be str, not {value.TypeName}");
        var match = pattern.Match(text.Text);
        if (!match.Success) throw PyError.ValueError($"time data {PyRepr.Of(text)} does not match format {PyRepr.Of(format)}");
        if (match.Length < text.Text.Length) throw PyError.ValueError($"unconverted data remains: {text.Text[match.Length..]}");

        var (year, month, day) = (Number(match, "Y"), Number(match, "m"), Number(match, "d"));
        if (year == 0) throw PyError.ValueError("year 0 is out of range");
        if (day > DateTime.DaysInMonth(year, month)) throw PyError.ValueError("day is out of range for month");
        // A leap second is read, and refused by the date itself.
        var second = Number(match, "S");
        if (second > 59) throw PyError.ValueError("second must be in 0..59");
        return new DateTime(year, month, day, Number(match, "H"), Number(match, "M"), second, DateTimeKind.Unspecified);
    }

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true } found ? (int)PyNumberText.ToInteger(found.Value) : 0;

    [GeneratedRegex(@"\A(?<Y>\d\d\d\d)-(?<m>1[0-2]|0[1-9]|[1-9])-(?<d>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Day();

    [GeneratedRegex(
        @"\A(?<Y>\d\d\d\d)-(?<m>1[0-2]|0[1-9]|[1-9])-(?<d>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])\s+(?<H>2[0-3]|[0-1]\d|\d):(?<M>[0-5]\d|\d):(?<S>6[0-1]|[0-5]\d|\d)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Second();
}
