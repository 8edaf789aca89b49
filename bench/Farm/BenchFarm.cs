using System.Diagnostics;
using Npgsql;
using SandQueue.Testing;
using SandQueue.Testing.Farm;

namespace SandQueue.Bench.Farm;

/// <summary>A broker, a database, gateways and workers as processes on this machine, all gone when it is disposed.</summary>
/// <param name="environment">The one that its workers serve.</param>
/// <param name="more">Settings besides, or in place of, those that this one environment needs.</param>
/// <param name="published">A folder with the published programs, <c>Gateway</c> and <c>Workers</c> in it; those that were built here where it is null.</param>
internal sealed class BenchFarm(string environment = "frozenlake", IReadOnlyDictionary<string, string>? more = null, string? published = null) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    /// <summary>What a gateway or worker serves if it is not told otherwise.</summary>
    private static readonly string[] Environments = ["bfcl", "countdown", "frozenlake", "webshop"];

    private readonly RabbitMqServer _rabbit = new();
    private readonly PostgresServer _postgres = new();
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("sqb-");
    private readonly List<FarmProgram> _gateways = [];
    private readonly List<FarmProgram> _workers = [];
    private NpgsqlDataSource? _database;

    public List<Uri> Urls { get; } = [];

    /// <summary>How long its gateways and workers took until all were up, the broker and the database being there.</summary>
    public TimeSpan UpAfter { get; private set; }

    public Uri Broker => _rabbit.Address;

    /// <summary>The connection string of its database.</summary>
    public string Database => _postgres.Database("postgres");

    /// <summary>The processes of gateways and workers.</summary>
    public IReadOnlyList<int> GatewayProcesses => [.. _gateways.Select(program => program.ProcessId)];

    /// <inheritdoc cref="GatewayProcesses"/>
    public IReadOnlyList<int> WorkerProcesses => [.. _workers.Select(program => program.ProcessId)];

    /// <exception cref="InvalidOperationException">RabbitMQ or PostgreSQL is not there.</exception>
    public async Task StartAsync(int gateways, int workers)
    {
        if (!await _rabbit.StartAsync()) throw new InvalidOperationException(_rabbit.Missing);
        if (!await _postgres.StartAsync()) throw new InvalidOperationException(_postgres.Missing);
        _database = NpgsqlDataSource.Create(Database);
        var started = Stopwatch.GetTimestamp();
        for (var worker = 0; worker < workers; worker++) _workers.Add(StartProgram("Workers", Settings()));
        for (var gateway = 0; gateway < gateways; gateway++)
        {
            var listen = $"127.0.0.1:{FreePort.Take()}";
            var settings = Settings();
            settings["Gateway:Listen"] = listen;
            _gateways.Add(StartProgram("Gateway", settings));
            Urls.Add(new Uri($"http://{listen}"));
        }

        await Until.TrueAsync("all workers serve and all gateways listen", IsUpAsync, StartLimit, () => string.Join(Environment.NewLine, _gateways.Concat(_workers).Select(program => program.LastOutput)));
        UpAfter = Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Instances that live, of each worker, the fullest first.</summary>
    public async Task<List<long>> InstancesPerWorkerAsync()
    {
        await using var command = _database!.CreateCommand("SELECT count(*) FROM instances WHERE ended_at IS NULL GROUP BY owner ORDER BY 1 DESC");
        await using var rows = await command.ExecuteReaderAsync();
        var counts = new List<long>();
        while (await rows.ReadAsync()) counts.Add(rows.GetInt64(0));
        return counts;
    }

    /// <summary>SIGKILL to a worker; another one starts at once.</summary>
    public async Task KillWorkerAsync(int worker)
    {
        await _workers[worker].DisposeAsync();
        _workers[worker] = StartProgram("Workers", Settings());
    }

    /// <summary>Stops the broker and starts it again; what is durable stays.</summary>
    public async Task RestartBrokerAsync()
    {
        await _rabbit.StopAsync();
        await _rabbit.RunAsync();
    }

    /// <summary>Stops the database, which cuts every connection, and starts it again.</summary>
    public async Task RestartDatabaseAsync()
    {
        await _postgres.StopAsync();
        await _postgres.RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _gateways.Concat(_workers)) await program.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        await _rabbit.DisposeAsync();
        await _postgres.DisposeAsync();
        await _temporary.RemoveAsync();
    }

    /// <summary>Settings of a gateway or worker that serves this environment alone and lets one tenant take as many steps as it can.</summary>
    public static Dictionary<string, string> Serving(string environment)
    {
        var settings = Environments.Where(other => other != environment).ToDictionary(other => $"Worker:Environments:{other}:Enabled", _ => "false");
        settings["Gateway:Limits:StepsPerSecond"] = "0";
        return settings;
    }

    private FarmProgram StartProgram(string name, Dictionary<string, string> settings) =>
        FarmProgram.Start(name, settings, _temporary.FullName, published is null ? null : Path.Combine(published, name));

    private Dictionary<string, string> Settings()
    {
        var settings = Serving(environment);
        foreach (var (name, value) in more ?? new Dictionary<string, string>()) settings[name] = value;
        settings["Farm:RabbitMq"] = Broker.ToString();
        settings["Farm:Postgres"] = Database;
        return settings;
    }

    private async Task<bool> IsUpAsync()
    {
        if (_gateways.Concat(_workers).FirstOrDefault(program => program.HasExited) is { } ended) throw new InvalidOperationException($"a program ended: {ended.LastOutput}");
        if (!_workers.TrueForAll(worker => worker.Output.Any(line => line.Contains($" serves {environment}", StringComparison.Ordinal)))) return false;

        using var http = new HttpClient();
        try
        {
            foreach (var url in Urls) (await http.GetAsync(new Uri(url, "healthz"))).EnsureSuccessStatusCode();
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
