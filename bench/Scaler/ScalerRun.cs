using System.Text.Json;

namespace SandQueue.Bench.Scaler;

/// <summary>A day of a farm that is scaled by what <c>/scaling</c> says, simulated in seconds, beside farms of a fixed size.</summary>
internal sealed class ScalerRun(ScalerOptions options)
{
    private const int Day = 24 * 3600;
    private const int TableHours = 2;

    public int Run()
    {
        var (scaled, rows) = Simulate(fixedWorkers: null);
        Console.WriteLine("| hours | begun | workers, fewest and most | occupancy, mean | waiting, most | rebuilt |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var row in rows) Console.WriteLine(row);
        var smallest = Enumerable.Range(1, HorizontalScaler.Most).FirstOrDefault(workers => Simulate(workers).Outcome.WaitP99 <= scaled.WaitP99, HorizontalScaler.Most);
        var still = Simulate(smallest).Outcome;
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["begun"] = scaled.Begun,
            ["ended_or_live"] = scaled.EndedOrLive,
            ["worker_hours"] = Math.Round(scaled.WorkerHours, 1),
            ["wait_p50_s"] = scaled.WaitP50,
            ["wait_p99_s"] = scaled.WaitP99,
            ["wait_most_s"] = scaled.WaitMost,
            ["rebuilt"] = scaled.Rebuilt,
            ["fixed_workers_as_quick"] = smallest,
            ["fixed_worker_hours"] = Math.Round(still.WorkerHours, 1),
        }));
        return scaled.Begun == scaled.EndedOrLive ? 0 : 1;
    }

    private (Outcome Outcome, List<string> Rows) Simulate(int? fixedWorkers)
    {
        var arrivals = new Arrivals(options.PerHour, options.Burst, options.BurstHours, new Random(options.Seed));
        var farm = new SimulatedFarm(options.Slots, options.StartSeconds);
        var scaler = new HorizontalScaler();
        var (rows, begun, workerSeconds) = (new List<string>(), 0, 0L);
        var table = new TableRow(0, 0);
        farm.Scale(-options.StartSeconds, fixedWorkers ?? HorizontalScaler.Fewest);
        for (var second = 0; second < Day; second++)
        {
            var came = arrivals.In(second);
            begun += came;
            farm.Pass(second, Enumerable.Range(0, came).Select(_ => arrivals.Seconds(options.EpisodeSeconds)));
            workerSeconds += farm.Workers;
            table.Add(farm, came);
            if (fixedWorkers is null && second % HorizontalScaler.Interval == 0) farm.Scale(second, scaler.Decide(second, farm.Workers, farm.Occupancy, farm.Waiting));
            if ((second + 1) % (TableHours * 3600) != 0) continue;
            rows.Add(table.Show(farm.Rebuilt));
            table = new TableRow((second + 1) / 3600, farm.Rebuilt);
        }

        var waits = farm.Waits.Order().ToList();
        return (new Outcome(begun, farm.Ended + farm.Live + farm.Waiting, workerSeconds / 3600.0, waits[waits.Count / 2], waits[waits.Count * 99 / 100], waits[^1], farm.Rebuilt), rows);
    }

    private sealed record Outcome(int Begun, int EndedOrLive, double WorkerHours, int WaitP50, int WaitP99, int WaitMost, int Rebuilt);

    private sealed class TableRow(int hour, int rebuiltBefore)
    {
        private int _begun;
        private int _seconds;
        private double _occupancy;
        private int _waiting;
        private int _fewest = int.MaxValue;
        private int _most;

        public void Add(SimulatedFarm farm, int begun)
        {
            _begun += begun;
            _seconds++;
            _occupancy += farm.Occupancy;
            (_waiting, _fewest, _most) = (Math.Max(_waiting, farm.Waiting), Math.Min(_fewest, farm.Workers), Math.Max(_most, farm.Workers));
        }

        public string Show(int rebuilt) => $"| {hour}–{hour + TableHours} | {_begun:n0} | {_fewest}, {_most} | {_occupancy / _seconds:p0} | {_waiting} | {rebuilt - rebuiltBefore} |";
    }
}
