using SandQueue.Bench.Compare.Figures;
using SandQueue.Bench.Compare.Players;

namespace SandQueue.Bench.Scale;

/// <summary>Thousands of live instances of BFCL, multi-turn: what its servers hold in memory, and what a step costs beside that among a hundred.</summary>
internal static class LivePart
{
    private const int Few = 100;
    private const int Clients = 16;
    private const double MostMegabytes = 1024;

    /// <summary>"As with a hundred", on a machine where the same measurement made twice differs by as much.</summary>
    private const double MostRatio = 1.2;

    public static async Task<IReadOnlyList<Figure>> RunAsync(ScaleOptions options, CancellationToken cancellationToken)
    {
        await using var farm = await ScaleFarm.StartAsync(options.Live);
        await farm.WarmUpAsync(options.WarmUp, cancellationToken);
        var empty = EnvironmentMemory.Megabytes(farm.WorkerProcesses[0]);
        var groups = await CreateAsync(farm, Few, cancellationToken);
        var few = await StepAsync(farm, groups, options.Seconds, cancellationToken);
        var more = await CreateAsync(farm, options.Live - Few, cancellationToken);
        groups = [.. groups.Zip(more, (some, others) => (List<string>)[.. some, .. others])];

        // Every instance is stepped at least once before anything is measured: what an instance holds grows with its first step.
        await StepAsync(farm, groups, options.Seconds, cancellationToken);
        var many = await StepAsync(farm, groups, options.Seconds, cancellationToken);
        var full = EnvironmentMemory.Megabytes(farm.WorkerProcesses[0]);
        return
        [
            new Figure("live_environment_mb", full, AtMost: MostMegabytes),
            new Figure("live_environment_empty_mb", empty),
            new Figure("live_few_p50_ms", few.P50),
            new Figure("live_few_p99_ms", few.P99),
            new Figure("live_many_p50_ms", many.P50),
            new Figure("live_many_p99_ms", many.P99),
            new Figure("live_p50_many_to_few", many.P50 / few.P50, AtMost: MostRatio),
            new Figure("live_cpu_many_to_few", many.ProcessorTotal / few.ProcessorTotal),
        ];
    }

    /// <returns>The instances of each client.</returns>
    private static async Task<List<List<string>>> CreateAsync(ScaleFarm farm, int count, CancellationToken cancellationToken)
    {
        var groups = Enumerable.Range(0, Clients).Select(client => TurnsPlayer.CreateAsync(farm.Address, (count / Clients) + (client < count % Clients ? 1 : 0), cancellationToken));
        return [.. await Task.WhenAll(groups)];
    }

    private static async Task<Measurement> StepAsync(ScaleFarm farm, List<List<string>> groups, int seconds, CancellationToken cancellationToken)
    {
        await using var opening = new Opening();
        await opening.AddAsync(Clients, client => TurnsPlayer.OpenAsync(farm.Address, groups[client], cancellationToken), cancellationToken);
        return await farm.StepAsync(opening.Players, seconds, cancellationToken);
    }
}
