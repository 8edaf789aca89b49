using System.Globalization;

namespace SandQueue.Dashboard.Text;

/// <summary>Numbers and times as people read them, alike on every page.</summary>
internal static class Shown
{
    public static string Number(double value) => value switch
    {
        0 => "0",
        _ when Math.Abs(value) >= 1000 => value.ToString("N0", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double part) => part.ToString("0%", CultureInfo.InvariantCulture);

    public static string Milliseconds(double? value) => value switch
    {
        null => "–",
        >= 10_000 => $"{(value.Value / 1000).ToString("0", CultureInfo.InvariantCulture)} s",
        >= 1000 => $"{(value.Value / 1000).ToString("0.0", CultureInfo.InvariantCulture)} s",
        >= 10 => $"{value.Value.ToString("0", CultureInfo.InvariantCulture)} ms",
        _ => $"{value.Value.ToString("0.##", CultureInfo.InvariantCulture)} ms",
    };

    /// <summary>Two durations in the room of one: their unit stands once where they share it.</summary>
    public static string Milliseconds(double? less, double? more)
    {
        var (first, second) = (Milliseconds(less), Milliseconds(more));
        if (less is null) return first;
        var unit = first[first.IndexOf(' ', StringComparison.Ordinal)..];
        return second.EndsWith(unit, StringComparison.Ordinal) ? $"{first[..^unit.Length]} · {second}" : $"{first} · {second}";
    }

    /// <summary>A time in UTC, to the second.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The time of the day in UTC, to the second.</summary>
    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The time of the day in UTC, to the minute.</summary>
    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How long ago, in one unit.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalSeconds: < 1 } => "now",
        { TotalSeconds: < 90 } ago => $"{ago.TotalSeconds:0} s ago",
        { TotalMinutes: < 90 } ago => $"{ago.TotalMinutes:0} min ago",
        { TotalHours: < 36 } ago => $"{ago.TotalHours:0} h ago",
        var ago => $"{ago.TotalDays:0} d ago",
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => $"{(bytes / 1024d).ToString("0.#", CultureInfo.InvariantCulture)} KB",
        _ => $"{(bytes / 1024d / 1024).ToString("0.#", CultureInfo.InvariantCulture)} MB",
    };
}
