using System.Diagnostics;
using System.Text.Json;
using SandQueue.Bench.Load;

namespace SandQueue.Bench.WebShop;

/// <summary>Loads generated catalogues of growing size in an environment server of their own, and plays in them.</summary>
internal static class WebShopRun
{
    /// <summary>What one size may take, all in all.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(WebShopOptions options)
    {
        var complete = true;
        foreach (var products in options.Products)
        {
            var figures = new Dictionary<string, object?> { ["products"] = products };
            using var limit = new CancellationTokenSource(Limit);
            try
            {
                await MeasureAsync(options, products, figures, limit.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                figures["stopped"] = $"after {Limit.TotalMinutes} minutes";
                complete = false;
            }

            Console.WriteLine(JsonSerializer.Serialize(figures));
        }

        return complete ? 0 : 1;
    }

    private static async Task MeasureAsync(WebShopOptions options, int products, Dictionary<string, object?> figures, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sqb-");
        try
        {
            figures["file_mb"] = Math.Round(new GeneratedCatalogue(products).Write(folder.FullName, cancellationToken) / 1e6, 1);
            figures["server"] = File.Exists($"{options.Server}.dll") ? "jit" : "aot";
            figures["server_cores"] = ShopServer.OnOneCore ? 1 : Environment.ProcessorCount;

            var started = Stopwatch.GetTimestamp();
            await using var server = ShopServer.Start(options.Server, folder.FullName);
            await server.AwaitHealthyAsync(TimeProvider.System, cancellationToken);
            figures["load_seconds"] = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 2);
            figures["load_cpu_seconds"] = Math.Round(server.ProcessorSeconds, 2);
            figures["load_peak_mb"] = server.Memory("VmHWM:");
            figures["loaded_mb"] = server.Memory("VmRSS:");

            var player = new ShopPlayer(server.Http, Math.Clamp(products / 10, 1, 1000));
            await player.PlayAsync(WarmUp, cancellationToken);
            var (milliseconds, seconds) = await player.PlayAsync(options.Playing, cancellationToken);
            var steps = new StepTimes(milliseconds);
            figures["steps"] = steps.Count;
            figures["steps_per_second"] = Math.Round(steps.Count / seconds);
            figures["step_p50_ms"] = steps.Percentile(0.5);
            figures["step_p99_ms"] = steps.Percentile(0.99);
            figures["peak_mb"] = server.Memory("VmHWM:");
            figures["memory_afterwards_mb"] = server.Memory("VmRSS:");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
