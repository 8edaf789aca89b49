using System.Globalization;
using System.Text.RegularExpressions;

namespace SandQueue.Hosting.Settings;

/// <summary>Which form the value of a setting has to have, by the type that takes it.</summary>
internal static partial class SettingForm
{
    /// <returns>The form that is wanted; null where the value has it.</returns>
    public static string? Wanted(Type type, string value)
    {
        var asked = Nullable.GetUnderlyingType(type) ?? type;
        if (value.Length == 0) return null;
        if (asked == typeof(TimeSpan)) return Time().IsMatch(value) ? null : "write a time as hours:minutes:seconds, like 00:10:00 for ten minutes, or days in front of it, like 1.00:00:00";
        if (asked == typeof(bool)) return bool.TryParse(value, out _) ? null : "write true or false";
        if (asked == typeof(int)) return int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "write a whole number of at most 2147483647";
        if (asked == typeof(long)) return long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "write a whole number";
        if (asked == typeof(double)) return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? null : "write a number, like 0.5";
        if (asked.IsEnum) return Enum.TryParse(asked, value, ignoreCase: true, out _) && !int.TryParse(value, out _) ? null : $"write one of {string.Join(", ", Enum.GetNames(asked))}";
        return null;
    }

    /// <summary>.NET reads 600 as days, and 24:00:00 too, which nobody means.</summary>
    [GeneratedRegex(@"^-?(\d{1,7}\.)?([01]?\d|2[0-3]):[0-5]?\d(:[0-5]?\d(\.\d{1,7})?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Time();
}
