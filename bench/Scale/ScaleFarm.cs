using System.Net;
using SandQueue.Bench.Compare.Figures;
using SandQueue.Bench.Compare.Loops;
using SandQueue.Bench.Compare.Players;
using SandQueue.Bench.Compare.Programs;
using SandQueue.Bench.Farm;

namespace SandQueue.Bench.Scale;

/// <summary>A farm with one gateway, and load on it whose every answer has to be right.</summary>
internal sealed class ScaleFarm : IAsyncDisposable
{
    private const int WarmUpClients = 64;

    private readonly BenchFarm _farm;
    private readonly Measured _measured;

    private ScaleFarm(BenchFarm farm)
    {
        _farm = farm;
        Address = new IPEndPoint(IPAddress.Loopback, farm.Urls[0].Port);
        var workers = farm.WorkerProcesses.Select((id, number) => KeyValuePair.Create($"worker{number}", id));
        _measured = new Measured(new Dictionary<string, int>(workers) { ["gateway"] = farm.GatewayProcesses[0] }, Broker: true, Database: true);
    }

    public IPEndPoint Address { get; }

    /// <summary>The connection string of its database.</summary>
    public string Database => _farm.Database;

    public IReadOnlyList<int> WorkerProcesses => _farm.WorkerProcesses;

    /// <param name="instances">How many instances may live at once.</param>
    /// <param name="workers">How many workers there are.</param>
    /// <param name="more">Settings besides.</param>
    public static async Task<ScaleFarm> StartAsync(int instances, int workers = 1, IReadOnlyDictionary<string, string>? more = null)
    {
        // Slots that are reserved for recovery are no use here, and one server is to hold all of a worker's instances.
        var settings = new Dictionary<string, string>(more ?? new Dictionary<string, string>())
        {
            [$"Worker:Environments:{BfclCalls.Environment}:InstancesPerContainer"] = FormattableString.Invariant($"{instances * 2}"),
            ["Gateway:Limits:CommandsAtOnce"] = "0",
        };
        var farm = new BenchFarm(BfclCalls.Environment, settings);
        try
        {
            await farm.StartAsync(gateways: 1, workers);
            return new ScaleFarm(farm);
        }
        catch
        {
            await farm.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client with an instance of its own, which goes with the farm: to release thousands would take longer than what is measured.</summary>
    public Task<IPlayer> OpenAsync(CancellationToken cancellationToken) => StepPlayer.OpenAsync(Address, numbered: true, cancellationToken, releases: false);

    /// <summary>Load of so many clients with an instance each, for so long.</summary>
    public async Task<Measurement> StepAsync(int clients, int seconds, CancellationToken cancellationToken)
    {
        await using var opening = new Opening();
        await opening.AddAsync(clients, _ => StepPlayer.OpenAsync(Address, numbered: true, cancellationToken), cancellationToken);
        return await StepAsync(opening.Players, seconds, cancellationToken);
    }

    public Task WarmUpAsync(int seconds, CancellationToken cancellationToken) => StepAsync(WarmUpClients, seconds, cancellationToken);

    /// <summary>Each makes its next call when it was answered.</summary>
    public Task<Measurement> StepAsync(IReadOnlyList<IPlayer> players, int seconds, CancellationToken cancellationToken) =>
        MeasureAsync(() => ClosedLoop.RunAsync(players, TimeSpan.FromSeconds(seconds), cancellationToken), cancellationToken);

    /// <summary>Calls arrive at a fixed rate.</summary>
    public Task<Measurement> ArriveAsync(IReadOnlyList<IPlayer> players, double rate, int seconds, CancellationToken cancellationToken) =>
        MeasureAsync(() => OpenLoop.RunAsync(players, rate, TimeSpan.FromSeconds(seconds), cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => _farm.DisposeAsync();

    private async Task<Measurement> MeasureAsync(Func<Task<LoopResult>> load, CancellationToken cancellationToken)
    {
        var before = _measured.Used(ProcessStat.ReadAll(), Environment.ProcessId);
        var result = await load();
        cancellationToken.ThrowIfCancellationRequested();
        if (result.Errors is [var error, ..]) throw new InvalidDataException($"{result.Errors.Count} clients were answered wrongly, the first: {error}");
        return Measurement.Of(result.Units, result.Seconds, result.Latencies, before, _measured.Used(ProcessStat.ReadAll(), Environment.ProcessId));
    }
}
