namespace SandQueue.Bench.Compare.Figures;

/// <summary>The figures by name, for the last line.</summary>
internal static class Summary
{
    /// <summary>What one lone step cannot do without: a call over HTTP, a message there and back, a commit, a call of the environment.</summary>
    private static readonly string[] Floor = ["http", "raw_rpc", "journal", "direct"];

    /// <summary>Paths that are measured at one number of clients, which their names leave out.</summary>
    private static readonly string[] Single = ["vector"];

    /// <returns>Rates a second, latencies and processor time in milliseconds, and what the goals compare; what was not measured is not there.</returns>
    public static Dictionary<string, double> Of(IReadOnlyCollection<Row> rows)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var name = Single.Contains(row.Path) ? row.Path : FormattableString.Invariant($"{row.Path}_{row.Clients}");
            figures[$"{name}_per_s"] = Math.Round(row.Closed.Rate);
            figures[$"{name}_p50_ms"] = Rounded(row.Closed.P50);
            figures[$"{name}_p99_ms"] = Rounded(row.Closed.P99);
            figures[$"{name}_cpu_ms_per_{row.Unit}"] = Rounded(row.Closed.ProcessorTotal);
            if (row.Open is not { } open) continue;
            figures[$"{name}_open_arrivals_per_s"] = Math.Round(row.Arrivals);
            figures[$"{name}_open_p50_ms"] = Rounded(open.P50);
            figures[$"{name}_open_p99_ms"] = Rounded(open.P99);
            figures[$"{name}_open_p999_ms"] = Rounded(open.P999);
        }

        if (Floor.All(path => figures.ContainsKey($"{path}_1_p50_ms"))) figures["floor_1_p50_ms"] = Rounded(Floor.Sum(path => figures[$"{path}_1_p50_ms"]));
        Compare("farm_1_p50_to_floor", "farm_1_p50_ms", "floor_1_p50_ms");
        Compare("farm_64_to_raw_rpc", "farm_64_per_s", "raw_rpc_64_per_s");
        Compare("embedded_64_to_raw_rpc", "embedded_64_per_s", "raw_rpc_64_per_s");
        Compare("farm_64_to_direct", "farm_64_per_s", "direct_64_per_s");
        return figures;

        void Compare(string name, string one, string other)
        {
            if (figures.TryGetValue(one, out var upper) && figures.TryGetValue(other, out var lower) && lower > 0) figures[name] = Math.Round(upper / lower, 2);
        }
    }

    private static double Rounded(double milliseconds) => Math.Round(milliseconds, 3);
}
