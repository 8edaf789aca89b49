using System.Net;
using System.Net.Sockets;
using SandQueue.Bench.Compare.Players;
using SandQueue.Bench.Compare.Programs;
using SandQueue.Bench.Farm;
using SandQueue.Testing;

namespace SandQueue.Bench.Compare.Paths;

/// <summary>Starts what the paths that are asked for need, and ends it. All of it is up at the same time, so that the repeats of one path can be spread over the run.</summary>
internal sealed class StartedPaths : IAsyncDisposable
{
    private const string Requests = "compare-requests";
    private const int Episode = 8;

    private static readonly int[] Clients = [1, 16, 64, 256];

    private readonly Stack<IAsyncDisposable> _started = [];

    /// <summary>The paths, in the order they are measured.</summary>
    public List<ComparedPath> Paths { get; } = [];

    /// <exception cref="InvalidOperationException">A program is not there, or ended at its start.</exception>
    public async Task StartAsync(CompareOptions options, CancellationToken cancellationToken)
    {
        var hasFarm = options.Has("farm", "vector", "episodes", "creates");
        var farm = hasFarm || options.Has("raw_rpc", "journal") ? Keep(new BenchFarm(BfclCalls.Environment)) : null;
        if (farm is not null) await farm.StartAsync(gateways: hasFarm ? 1 : 0, workers: hasFarm ? 1 : 0);
        cancellationToken.ThrowIfCancellationRequested();
        if (options.Has("http", "raw_rpc")) await AddBareAsync(options, farm?.Broker, cancellationToken);
        if (options.Has("journal")) await AddJournalAsync(farm!.Database);
        if (options.Has("direct", "direct_frames")) await AddDirectAsync(options, cancellationToken);
        if (options.Has("embedded")) await AddEmbeddedAsync();
        if (hasFarm) AddFarm(farm!, options);
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var started)) await started.DisposeAsync();
    }

    private async Task AddBareAsync(CompareOptions options, Uri? broker, CancellationToken cancellationToken)
    {
        var port = FreePort.Take();
        string[] messages = options.Has("raw_rpc") ? [broker!.ToString(), Requests] : [];
        var address = new IPEndPoint(IPAddress.Loopback, port);
        var responder = Keep(await ChildProgram.StartAsync(typeof(StartedPaths).Assembly.Location, [Responder.Name, $"{port}", .. messages], new Dictionary<string, string>(), () => Listens(address)));
        var programs = new Dictionary<string, int> { ["responder"] = responder.Id };
        var request = Http.RequestBytes.Post("/", BfclCalls.StepBody(Guid.Empty.ToString("n")));
        if (options.Has("http")) Paths.Add(new ComparedPath("http", "call", Clients, new Measured(programs), (_, cancel) => RequestPlayer.OpenAsync(address, request, cancel)));
        if (messages.Length == 0) return;
        var caller = Keep(await RpcCaller.OpenAsync(broker!, Requests, cancellationToken));
        Paths.Add(new ComparedPath("raw_rpc", "call", Clients, new Measured(programs, Broker: true), (_, _) => caller.NewPlayerAsync()) { HasOpenLoop = true });
    }

    private async Task AddJournalAsync(string server)
    {
        var journal = Keep(await JournalDatabase.CreateAsync(server, Clients[^1]));
        Paths.Add(new ComparedPath("journal", "row", Clients, new Measured(new Dictionary<string, int>(), Database: true), (number, _) => Task.FromResult<Loops.IPlayer>(new JournalPlayer(journal.Writers, number))));
    }

    private async Task AddDirectAsync(CompareOptions options, CancellationToken cancellationToken)
    {
        var server = Keep(await EnvironmentProgram.StartAsync(BfclCalls.Environment, cancellationToken));
        var measured = new Measured(new Dictionary<string, int> { [Measured.Environment] = server.Id });
        if (options.Has("direct")) Paths.Add(new ComparedPath("direct", "step", Clients, measured, (_, cancel) => StepPlayer.OpenAsync(server.Address, numbered: false, cancel)) { HasOpenLoop = true });
        if (!options.Has("direct_frames")) return;
        var line = Keep(await FrameLine.OpenAsync(server.Address, cancellationToken));
        Paths.Add(new ComparedPath("direct_frames", "step", Clients, measured, (_, cancel) => line.NewPlayerAsync(cancel)) { HasOpenLoop = true });
    }

    private async Task AddEmbeddedAsync()
    {
        var embedded = Keep(await EmbeddedProgram.StartAsync(BfclCalls.Environment));
        var address = new IPEndPoint(IPAddress.Loopback, embedded.Port);
        Paths.Add(new ComparedPath("embedded", "step", Clients, new Measured(new Dictionary<string, int> { ["gateway"] = embedded.Id }), (_, cancel) => StepPlayer.OpenAsync(address, numbered: true, cancel)) { HasOpenLoop = true, WarmUp = 1 });
    }

    private void AddFarm(BenchFarm farm, CompareOptions options)
    {
        var address = new IPEndPoint(IPAddress.Loopback, farm.Urls[0].Port);
        var measured = new Measured(new Dictionary<string, int> { ["gateway"] = farm.GatewayProcesses[0], ["worker"] = farm.WorkerProcesses[0] }, Broker: true, Database: true);
        ComparedPath[] paths =
        [
            new("farm", "step", Clients, measured, (_, cancel) => StepPlayer.OpenAsync(address, numbered: true, cancel)) { HasOpenLoop = true, WarmUp = 1 },
            new("vector", "step", [4], measured, (_, cancel) => VectorPlayer.OpenAsync(address, cancel)),
            new("episodes", "episode", [16], measured, (_, cancel) => EpisodePlayer.OpenAsync(address, Episode, cancel)),
            new("creates", "create", [1, 16, 64], measured, (_, cancel) => EpisodePlayer.OpenAsync(address, 0, cancel)),
        ];
        Paths.AddRange(paths.Where(path => options.Has(path.Name)));
    }

    private T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Push(started);
        return started;
    }

    private static async Task<bool> Listens(EndPoint address)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
