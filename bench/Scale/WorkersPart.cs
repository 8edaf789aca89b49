using SandQueue.Bench.Compare.Figures;

namespace SandQueue.Bench.Scale;

/// <summary>One, two, four and eight workers on one machine at 256 clients: more of them cost connections, queues and commits, and have to cost no speed.</summary>
internal static class WorkersPart
{
    private const int Clients = 256;

    /// <summary>"No slower", on a machine where the same measurement made twice differs by as much.</summary>
    private const double LeastRatio = 0.9;

    private static readonly int[] Workers = [1, 2, 4, 8];

    public static async Task<IReadOnlyList<Figure>> RunAsync(ScaleOptions options, CancellationToken cancellationToken)
    {
        var rates = new Dictionary<int, double>();
        var figures = new List<Figure>();
        foreach (var workers in Workers)
        {
            await using var farm = await ScaleFarm.StartAsync(Clients, workers);

            // Each worker compiles its own code, so more of them need more load until all are warm.
            await farm.WarmUpAsync(options.WarmUp * (1 + (workers / 2)), cancellationToken);
            var steps = await farm.StepAsync(Clients, options.Seconds, cancellationToken);
            rates[workers] = steps.Rate;
            figures.Add(new Figure($"workers_{workers}_per_s", steps.Rate));
            figures.Add(new Figure($"workers_{workers}_p99_ms", steps.P99));
            figures.Add(new Figure($"workers_{workers}_cpu_ms_per_step", steps.ProcessorTotal));
        }

        return [.. figures, .. Workers.Skip(1).Select(workers => new Figure($"workers_{workers}_to_1", rates[workers] / rates[1], AtLeast: LeastRatio))];
    }
}
