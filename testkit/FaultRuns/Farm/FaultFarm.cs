using System.Globalization;
using Npgsql;
using SandQueue.FaultRuns.Clients;
using SandQueue.Testing.Docker;
using SandQueue.Testing;
using SandQueue.Testing.Farm;

namespace SandQueue.FaultRuns.Farm;

/// <summary>A farm to break: gateways and workers as processes, each worker with lines to broker and database that can be cut.</summary>
internal sealed class FaultFarm : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("sqc-");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ContainerEngine? _engine;
    private readonly Uri _broker;
    private readonly string _database;
    private readonly string _name = $"faults-{Guid.NewGuid().ToString("n")[..8]}";
    private readonly string? _sockets;

    private FaultFarm(RabbitMqServer rabbit, PostgresServer postgres, ContainerEngine? engine, FaultRunOptions options, Uri broker, string database)
    {
        (Rabbit, Postgres, _engine, _broker, _database) = (rabbit, postgres, engine, broker, database);
        if (engine is not null) _sockets = Directory.CreateDirectory($"/dev/shm/{_name}").FullName;
        var settings = Settings(options);
        Servers = new EnvironmentServers(engine?.Client, _name, _temporary);
        Workers = [.. Enumerable.Range(0, options.Workers).Select(number => NewWorker(number, settings))];
        Gateways = [.. FreePort.Take(options.Gateways).Select(port => NewGateway(port, settings))];
    }

    public RabbitMqServer Rabbit { get; }

    public PostgresServer Postgres { get; }

    public IReadOnlyList<WorkerSeat> Workers { get; }

    public IReadOnlyList<GatewaySeat> Gateways { get; }

    public EnvironmentServers Servers { get; }

    /// <summary>Whether each worker logs in to the database under a role of its own, which can be refused. Only our own server lets us make roles.</summary>
    public bool HasRoles => Postgres.IsOurs;

    /// <summary>The connection string of its database.</summary>
    public string Database => Postgres.Database(_database);

    public string Runtime => _engine is null ? "process" : "docker";

    /// <param name="rabbit">The broker.</param>
    /// <param name="postgres">The database.</param>
    /// <param name="engine">Where environments run; null for child processes.</param>
    /// <param name="options">How large it is.</param>
    /// <param name="workers">How many workers start at once; null for all.</param>
    public static async Task<FaultFarm> StartAsync(RabbitMqServer rabbit, PostgresServer postgres, ContainerEngine? engine, FaultRunOptions options, int? workers = null)
    {
        if (!await postgres.StartAsync()) throw new InvalidOperationException(postgres.Missing);
        if (!await rabbit.StartAsync()) throw new InvalidOperationException(rabbit.Missing);
        var database = $"faults_{Guid.NewGuid():n}";
        await ExecuteAsync(postgres, $"CREATE DATABASE {database}");
        var farm = new FaultFarm(rabbit, postgres, engine, options, await rabbit.NewVirtualHostAsync(), database);
        try
        {
            foreach (var worker in farm.Workers.Where(worker => worker.Role is not null)) await DatabaseRoles.MakeAsync(postgres, worker.Role!);
            foreach (var worker in farm.Workers.Take(workers ?? options.Workers)) worker.Start();
            foreach (var gateway in farm.Gateways) gateway.Start();
            await farm.WholeAsync();
        }
        catch
        {
            await farm.DisposeAsync();
            throw;
        }

        return farm;
    }

    /// <summary>Waits until every gateway answers and every worker serves.</summary>
    /// <param name="repair">Called now and then while it waits.</param>
    /// <exception cref="TimeoutException">They do not.</exception>
    public async Task WholeAsync(Action? repair = null)
    {
        await Until.TrueAsync(
            "all gateways answer and all workers serve",
            async () =>
            {
                repair?.Invoke();
                foreach (var gateway in Gateways)
                {
                    if (!await gateway.IsHealthyAsync(_http)) return false;
                }

                return (await ListWorkersAsync()).Count(worker => worker is { Serves: true, Lives: true }) == Workers.Count(worker => worker.IsStarted);
            },
            StartLimit,
            () => string.Join(Environment.NewLine, Workers.Where(worker => worker.IsStarted).Select(worker => worker.Program.LastOutput)));
    }

    /// <summary>Instances of an environment that live.</summary>
    public async Task<int> CountLivingAsync(string environment)
    {
        await using var source = NpgsqlDataSource.Create($"{Database};Pooling=false");
        await using var command = source.CreateCommand("SELECT count(*) FROM instances WHERE env_type = $1 AND ended_at IS NULL");
        command.Parameters.AddWithValue(environment);
        return (int)(long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>SIGTERM to all, as an operator stops a farm.</summary>
    public async Task StopAsync()
    {
        foreach (var worker in Workers) await worker.Program.SignalAsync("TERM");
        foreach (var worker in Workers) await worker.Program.ExitCodeAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>Keeps what every program printed.</summary>
    public async Task WriteLogsAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var worker in Workers) await WriteAsync($"worker-{worker.Number}", worker.All);
        for (var gateway = 0; gateway < Gateways.Count; gateway++) await WriteAsync($"gateway-{gateway}", Gateways[gateway].All);

        async Task WriteAsync(string name, IReadOnlyList<FarmProgram> programs)
        {
            for (var index = 0; index < programs.Count; index++)
            {
                await File.WriteAllLinesAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{index}.log")), programs[index].Output);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in Gateways) await gateway.DisposeAsync();
        foreach (var worker in Workers) await worker.DisposeAsync();
        await Servers.RemoveAsync();
        _http.Dispose();
        await Rabbit.DeleteVirtualHostAsync(_broker);
        await ExecuteAsync(Postgres, $"DROP DATABASE {_database} WITH (FORCE)");
        foreach (var worker in Workers.Where(worker => worker.Role is not null)) await ExecuteAsync(Postgres, $"DROP ROLE IF EXISTS {worker.Role}");
        await _temporary.RemoveAsync();
        if (_sockets is not null)
        {
            await Mounts.RemoveBelowAsync(_sockets);
            await new DirectoryInfo(_sockets).RemoveAsync();
        }
    }

    /// <summary>Every worker that has a row, by name.</summary>
    public async Task<IReadOnlyList<RegisteredWorker>> ListWorkersAsync()
    {
        await using var source = NpgsqlDataSource.Create($"{Database};Pooling=false");
        await using var command = source.CreateCommand(
            "SELECT name, environments <> '[]', lease_until > extract(epoch FROM clock_timestamp()) * 1000 FROM workers ORDER BY name");
        await using var rows = await command.ExecuteReaderAsync();
        var workers = new List<RegisteredWorker>();
        while (await rows.ReadAsync()) workers.Add(new RegisteredWorker(rows.GetString(0), rows.GetBoolean(1), rows.GetBoolean(2)));
        return workers;
    }

    /// <summary>The instances a worker owns.</summary>
    public async Task<IReadOnlySet<string>> ListOwnedAsync(string worker)
    {
        await using var source = NpgsqlDataSource.Create($"{Database};Pooling=false");
        await using var command = source.CreateCommand("SELECT instance_id FROM instances WHERE owner = $1 AND ended_at IS NULL");
        command.Parameters.AddWithValue(worker);
        await using var rows = await command.ExecuteReaderAsync();
        var instances = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync()) instances.Add(rows.GetString(0));
        return instances;
    }

    private WorkerSeat NewWorker(int number, Dictionary<string, string> settings)
    {
        var connection = new NpgsqlConnectionStringBuilder(Database);
        var (toBroker, toDatabase) = (new TcpProxy(_broker.Port), new TcpProxy(connection.Port));
        var role = HasRoles ? string.Create(CultureInfo.InvariantCulture, $"{_database}_w{number}") : null;
        (connection.Host, connection.Port) = ("127.0.0.1", toDatabase.Port);
        if (role is not null) (connection.Username, connection.Password) = (role, DatabaseRoles.Password);
        var own = new Dictionary<string, string>(settings)
        {
            ["Farm:RabbitMq"] = new UriBuilder(_broker) { Port = toBroker.Port }.Uri.ToString(),
            ["Farm:Postgres"] = connection.ConnectionString,
        };
        return new WorkerSeat(number, toBroker, toDatabase, role, temporary => FarmProgram.Start("Workers", own, temporary), _temporary);
    }

    private GatewaySeat NewGateway(int port, Dictionary<string, string> settings)
    {
        var own = new Dictionary<string, string>(settings) { ["Gateway:Listen"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") };
        return new GatewaySeat(port, () => FarmProgram.Start("Gateway", own, _temporary.FullName));
    }

    private Dictionary<string, string> Settings(FaultRunOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            ["Farm:RabbitMq"] = _broker.ToString(),
            ["Farm:Postgres"] = Database,
            ["Worker:Lease"] = options.Lease.ToString(),
            ["Worker:SweepEvery"] = "00:00:10",
            [$"Worker:Environments:{Crowd.Environment}:InstancesPerContainer"] = string.Create(CultureInfo.InvariantCulture, $"{options.CrowdSlotsPerWorker}"),
            ["Worker:Environments:webshop:Enabled"] = "false",
            ["Worker:Environments:faulty:Enabled"] = "true",
            ["Worker:Environments:faulty_evaluate:Enabled"] = "true",
        };
        foreach (var environment in (string[])["frozenlake", "countdown", "faulty", "faulty_evaluate"])
        {
            // One worker alone has room for all, and a container that dies takes no more than its part with it.
            var section = $"Worker:Environments:{environment}";
            settings[$"{section}:InstancesPerContainer"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Max(8, options.Instances / 2)}");
            settings[$"{section}:MaxContainers"] = "3";
            settings[$"{section}:CheckEvery"] = "00:00:02";
            settings[$"{section}:HealthTimeout"] = "00:00:06";
        }

        if (_engine is null) return settings;
        settings["Worker:Runtime"] = "docker";
        settings["DockerRuntime:Host"] = _engine.Address.ToString();
        settings["DockerRuntime:Farm"] = _name;
        settings["DockerRuntime:Image"] = _engine.Image;
        settings["DockerRuntime:SocketFolder"] = _sockets!;
        return settings;
    }

    private static async Task ExecuteAsync(PostgresServer postgres, string statement)
    {
        await using var source = NpgsqlDataSource.Create($"{postgres.Database("postgres")};Pooling=false");
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
