using Npgsql;
using SandQueue.Testing;
using SandQueue.Testing.Farm;

namespace SandQueue.Farm.Tests.Parts;

/// <summary>A farm with a virtual host, a database and programs of its own, all gone when it is disposed.</summary>
internal sealed class TestFarm : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly RabbitMqServer _rabbit;
    private readonly PostgresServer _postgres;
    private readonly Dictionary<string, string> _settings;
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("sqf-");
    private readonly List<IAsyncDisposable> _programs = [];
    private readonly Uri _broker;
    private readonly string _database;

    private TestFarm(RabbitMqServer rabbit, PostgresServer postgres, Uri broker, string database, Dictionary<string, string> settings)
    {
        (_rabbit, _postgres, _broker, _database) = (rabbit, postgres, broker, database);
        _settings = new Dictionary<string, string>(settings)
        {
            ["Farm:RabbitMq"] = broker.ToString(),
            ["Farm:Postgres"] = postgres.Database(database),
            ["Worker:Environments:bfcl:Enabled"] = "false",
            ["Worker:Environments:countdown:Enabled"] = "false",
            ["Worker:Environments:webshop:Enabled"] = "false",
        };
        Database = new FarmDatabase(postgres.Database(database));
    }

    public FarmDatabase Database { get; }

    /// <summary>The broker, and the farm's virtual host on it.</summary>
    public Uri Broker => _broker;

    public static async Task<TestFarm> NewAsync(RabbitMqServer rabbit, PostgresServer postgres, Dictionary<string, string> settings)
    {
        Assert.SkipUnless(await postgres.StartAsync(), postgres.Missing ?? "");
        Assert.SkipUnless(await rabbit.StartAsync(), rabbit.Missing ?? "");
        var database = $"sandqueue_{Guid.NewGuid():n}";
        await ExecuteAsync(postgres, $"CREATE DATABASE {database}");
        return new TestFarm(rabbit, postgres, await rabbit.NewVirtualHostAsync(), database, settings);
    }

    /// <summary>Starts a worker; <see cref="AreWorkersAsync"/> waits for it.</summary>
    public WorkerProgram StartWorker(params (string Name, string Value)[] settings)
    {
        var worker = new WorkerProgram(FarmProgram.Start("Workers", With(settings), _temporary.FullName));
        _programs.Add(worker.Program);
        return worker;
    }

    public async Task<GatewayProgram> StartGatewayAsync(params (string Name, string Value)[] settings)
    {
        var gateway = await GatewayProgram.StartAsync(With(settings), _temporary.FullName);
        _programs.Add(gateway);
        return gateway;
    }

    /// <summary>Starts either and waits for nothing.</summary>
    public FarmProgram Start(string program, params (string Name, string Value)[] settings)
    {
        var started = FarmProgram.Start(program, With([("Gateway:Listen", $"127.0.0.1:{FreePort.Take()}"), .. settings]), _temporary.FullName);
        _programs.Add(started);
        return started;
    }

    /// <summary>Waits until so many workers serve.</summary>
    public Task AreWorkersAsync(int count) => Until.TrueAsync(
        $"{count} workers serve",
        async () => (await Database.WorkersAsync()).Count == count,
        StartLimit,
        () => string.Join(Environment.NewLine, _programs.OfType<FarmProgram>().Select(program => program.LastOutput)));

    /// <summary>Waits until what trainers publish is routed.</summary>
    public Task HasAmqpAsync() => Until.TrueAsync(
        "a gateway has opened the door for AMQP",
        async () => (await _rabbit.ListExchangesAsync(_broker)).Contains("sandqueue.commands") && await _rabbit.IsBoundAsync(_broker, "sandqueue.commands"),
        StartLimit);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
        await Database.DisposeAsync();
        await _rabbit.DeleteVirtualHostAsync(_broker);
        await ExecuteAsync(_postgres, $"DROP DATABASE {_database} WITH (FORCE)");
        await _temporary.RemoveAsync();
    }

    private static async Task ExecuteAsync(PostgresServer postgres, string statement)
    {
        await using var source = NpgsqlDataSource.Create($"{postgres.Database("postgres")};Pooling=false");
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    private Dictionary<string, string> With((string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(_settings);
        foreach (var (name, value) in settings) all[name] = value;
        return all;
    }
}
