using System.Globalization;
using SandQueue.Bench.Compare.Programs;

namespace SandQueue.Bench.Compare.Figures;

/// <summary>Prints the rows as tables of Markdown, aligned for a terminal too.</summary>
internal static class FigureTable
{
    private static readonly string[] Parts = [Measured.Load, "responder", "gateway", "worker", Measured.Environment, Measured.RabbitMq, Measured.Postgres];

    /// <summary>Where each call waits for the one before.</summary>
    public static string Closed(IEnumerable<Row> rows) => Write(
        ["path", "clients", "per second", "p50 ms", "p99 ms", "processor ms", .. Parts],
        rows.Select(row => (string[])[
            row.Path, Whole(row.Clients), Whole(row.Closed.Rate), Milliseconds(row.Closed.P50), Milliseconds(row.Closed.P99), Milliseconds(row.Closed.ProcessorTotal),
            .. Parts.Select(part => row.Closed.Processor.TryGetValue(part, out var used) ? Milliseconds(used) : "")]));

    /// <summary>At a fixed rate of arrivals.</summary>
    public static string Open(IEnumerable<Row> rows) => Write(
        ["path", "clients", "arrivals/s", "answered/s", "p50 ms", "p99 ms", "p99.9 ms", "processor ms"],
        rows.Where(row => row.Open is not null).Select(row => (string[])[
            row.Path, Whole(row.Clients), Whole(row.Arrivals), Whole(row.Open!.Rate), Milliseconds(row.Open.P50), Milliseconds(row.Open.P99), Milliseconds(row.Open.P999), Milliseconds(row.Open.ProcessorTotal)]));

    /// <summary>Three digits say all there is to say.</summary>
    public static string Milliseconds(double value) => value.ToString(value switch { >= 100 => "0", >= 10 => "0.0", >= 1 => "0.00", _ => "0.000" }, CultureInfo.InvariantCulture);

    private static string Whole(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Write(string[] heading, IEnumerable<string[]> rows)
    {
        List<string[]> lines = [heading, .. rows];
        int[] widths = [.. heading.Select((_, column) => lines.Max(line => line[column].Length))];
        lines.Insert(1, [.. widths.Select((width, column) => column == 0 ? new string('-', width) : $"{new string('-', width - 1)}:")]);
        return string.Join('\n', lines.Select(line => $"| {string.Join(" | ", line.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))} |"));
    }
}
