using System.Diagnostics;
using System.Net;
using SandQueue.Bench.Compare.Players;
using SandQueue.Bench.Compare.Programs;
using SandQueue.Bench.Farm;

namespace SandQueue.Bench.Start;

/// <summary>Processes of SandQueue that were started just now.</summary>
/// <param name="Owner">Ends them.</param>
/// <param name="UpAfter">How long they took until they took calls.</param>
/// <param name="Address">Where they do.</param>
/// <param name="Measured">Whose processor time a step uses.</param>
internal sealed record FreshPrograms(IAsyncDisposable Owner, TimeSpan UpAfter, IPEndPoint Address, Measured Measured) : IAsyncDisposable
{
    public static Task<FreshPrograms> StartAsync(string way, StartOptions options) => way == StartOptions.Embedded ? StartEmbeddedAsync(options) : StartFarmAsync(options);

    public ValueTask DisposeAsync() => Owner.DisposeAsync();

    private static async Task<FreshPrograms> StartEmbeddedAsync(StartOptions options)
    {
        var started = Stopwatch.GetTimestamp();
        var embedded = await EmbeddedProgram.StartAsync(BfclCalls.Environment, options.Variables, options.Published is { } folder ? Path.Combine(folder, "Gateway") : null);
        return new FreshPrograms(
            embedded, Stopwatch.GetElapsedTime(started), new IPEndPoint(IPAddress.Loopback, embedded.Port), new Measured(new Dictionary<string, int> { ["gateway"] = embedded.Id }));
    }

    private static async Task<FreshPrograms> StartFarmAsync(StartOptions options)
    {
        var farm = new BenchFarm(BfclCalls.Environment, options.Variables, options.Published);
        try
        {
            await farm.StartAsync(gateways: 1, workers: 1);
            var programs = new Dictionary<string, int> { ["gateway"] = farm.GatewayProcesses[0], ["worker"] = farm.WorkerProcesses[0] };
            return new FreshPrograms(farm, farm.UpAfter, new IPEndPoint(IPAddress.Loopback, farm.Urls[0].Port), new Measured(programs, Broker: true, Database: true));
        }
        catch
        {
            await farm.DisposeAsync();
            throw;
        }
    }
}
