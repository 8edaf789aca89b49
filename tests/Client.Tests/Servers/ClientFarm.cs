using Npgsql;
using SandQueue.Testing;
using SandQueue.Testing.Farm;

namespace SandQueue.Client.Tests.Servers;

/// <summary>
/// A farm with RabbitMQ and PostgreSQL, of a gateway and a worker. One tenant has an API key, and users of the broker whom the gateway knows. It starts when the first test asks for it.
/// </summary>
public sealed class ClientFarm(RabbitMqServer rabbit, PostgresServer postgres) : IAsyncLifetime
{
    public const string Tenant = "anna";
    public const string Key = "key-of-anna";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _starting = new(1);
    private readonly List<FarmProgram> _programs = [];
    private readonly string _database = $"sandqueue_{Guid.NewGuid():n}";
    private readonly List<Uri> _users = [];
    private readonly List<Uri> _virtualHosts = [];
    private DirectoryInfo? _temporary;
    private bool _isUp;

    /// <summary>The gateway's address.</summary>
    public Uri Gateway { get; } = new($"http://127.0.0.1:{FreePort.Take()}");

    /// <summary>The broker, as its operator reaches it.</summary>
    public Uri Operator { get; private set; } = null!;

    /// <summary>The same for a trainer's user, who may publish commands and nothing else.</summary>
    public Uri Trainer { get; private set; } = null!;

    /// <summary>The same for a user who may also listen to the tenant's events.</summary>
    public Uri Listener { get; private set; } = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            Assert.SkipUnless(await postgres.StartAsync(), postgres.Missing ?? "");
            Assert.SkipUnless(await rabbit.StartAsync(), rabbit.Missing ?? "");
            if (!_isUp) await StartOnceAsync();
            _isUp = true;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Starts another gateway, and waits for nothing.</summary>
    public FarmProgram StartGateway(int port)
    {
        var settings = Settings();
        settings["Gateway:Listen"] = $"127.0.0.1:{port}";
        settings["API_KEYS"] = $"{Tenant}={Key}";
        settings["Gateway:AmqpUsers"] = string.Join(',', ((Uri[])[Trainer, Listener]).Select(user => $"{user.UserInfo.Split(':')[0]}={Tenant}"));
        return FarmProgram.Start("Gateway", settings, _temporary!.FullName);
    }

    /// <summary>A user of the farm's virtual host, whom its gateway does not know.</summary>
    public async Task<Uri> NewUserAsync(string configure, string write, string read)
    {
        _users.Add(await rabbit.NewUserAsync(Operator, configure, write, read));
        return _users[^1];
    }

    /// <summary>A virtual host; the farm's own is the first.</summary>
    public async Task<Uri> NewVirtualHostAsync()
    {
        _virtualHosts.Add(await rabbit.NewVirtualHostAsync());
        return _virtualHosts[^1];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
        if (_temporary is not null)
        {
            foreach (var user in _users) await rabbit.DeleteUserAsync(user);
            foreach (var host in _virtualHosts) await rabbit.DeleteVirtualHostAsync(host);
            await ExecuteAsync($"DROP DATABASE {_database} WITH (FORCE)");
            await _temporary.RemoveAsync();
        }

        _starting.Dispose();
    }

    private async Task StartOnceAsync()
    {
        await ExecuteAsync($"CREATE DATABASE {_database}");
        Operator = await NewVirtualHostAsync();
        Trainer = await NewUserAsync("^$", @"^sandqueue\.commands$", "^$");
        Listener = await NewUserAsync($@"^{Tenant}\.", $@"^(sandqueue\.commands$|{Tenant}\.)", $@"^(sandqueue\.events$|{Tenant}\.)");
        _temporary = Directory.CreateTempSubdirectory("sqc-");
        _programs.Add(FarmProgram.Start("Workers", Settings(), _temporary.FullName));
        _programs.Add(StartGateway(Gateway.Port));
        await using var client = SandQueueClient.OverHttp(Gateway, Key);
        await Until.TrueAsync("the farm serves what tests play", () => ServesAsync(client), StartLimit, () => string.Join(Environment.NewLine, _programs.Select(program => program.LastOutput)));
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["Farm:RabbitMq"] = Operator.ToString(),
        ["Farm:Postgres"] = postgres.Database(_database),
        ["Worker:Environments:bfcl:Enabled"] = "false",
        ["Worker:Environments:countdown:Enabled"] = "false",
        ["Worker:Environments:webshop:Enabled"] = "false",
        ["Worker:Environments:faulty:Enabled"] = "true",
    };

    private async Task<bool> ServesAsync(SandQueueHttpClient client)
    {
        if (_programs.Find(program => program.HasExited) is { } ended) throw new InvalidOperationException($"a program ended: {ended.LastOutput}");
        var served = (await client.ListEnvironmentsAsync(TestContext.Current.CancellationToken)).Select(environment => environment.EnvType).ToList();
        return served.Contains("frozenlake") && served.Contains("faulty") && await rabbit.IsBoundAsync(Operator, "sandqueue.commands");
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var source = NpgsqlDataSource.Create($"{postgres.Database("postgres")};Pooling=false");
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
