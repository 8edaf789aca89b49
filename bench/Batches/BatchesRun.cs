using System.Text.Json;
using SandQueue.Bench.Batches.Costs;
using SandQueue.Bench.Batches.Faults;
using SandQueue.Bench.Batches.Models;
using SandQueue.Bench.Batches.Replays;

namespace SandQueue.Bench.Batches;

/// <summary>What batches promise, and what they cost: part after part, each on a farm of its own.</summary>
internal static class BatchesRun
{
    private const int Wrong = 2;

    /// <returns>1 where a promise was broken.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        BatchesOptions options;
        try
        {
            options = BatchesOptions.Parse(args);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            await Console.Error.WriteLineAsync($"batches: {exception.Message}");
            return Wrong;
        }

        // A farm's own settings say which data it has.
        Environment.SetEnvironmentVariable("SANDQUEUE_BFCL_DATA", null);
        var parts = new Dictionary<string, Func<Findings, Task<Dictionary<string, object?>>>>
        {
            ["faults"] = findings => new FaultPart(options, findings).RunAsync(),
            ["model"] = findings => new ModelPart(findings).RunAsync(),
            ["cost"] = findings => new CostPart(options, findings).RunAsync(),
            ["replay"] = findings => new ReplayPart(options, findings).RunAsync(),
        };
        var broken = false;
        foreach (var part in BatchesOptions.Parts.Where(options.Has))
        {
            var findings = new Findings();
            var figures = new Dictionary<string, object?> { ["part"] = part };
            try
            {
                foreach (var (name, figure) in await parts[part](findings)) figures[name] = figure;
            }
            catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or InvalidDataException)
            {
                findings.Add(exception.Message);
            }

            figures["findings"] = findings.All;
            Console.WriteLine(JsonSerializer.Serialize(figures));
            broken |= findings.All.Count > 0;
        }

        return broken ? 1 : 0;
    }
}
