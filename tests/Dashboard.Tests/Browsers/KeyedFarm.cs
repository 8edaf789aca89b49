using Npgsql;
using SandQueue.Programs;
using SandQueue.Testing;
using SandQueue.Testing.Farm;

namespace SandQueue.Dashboard.Tests.Browsers;

/// <summary>A gateway with keys, two workers, a broker and a database.</summary>
public sealed class KeyedFarm : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("sqf-");
    private readonly RabbitMqServer _rabbit = new();
    private readonly PostgresServer _postgres = new();
    private readonly List<FarmProgram> _programs = [];

    /// <summary>Why there is none, or null where there is one.</summary>
    public string? Missing { get; private set; }

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Take()}");

    public async ValueTask InitializeAsync()
    {
        if (!await _rabbit.StartAsync() || !await _postgres.StartAsync())
        {
            Missing = _rabbit.Missing ?? _postgres.Missing;
            return;
        }

        var settings = new Dictionary<string, string>
        {
            ["Farm:RabbitMq"] = (await _rabbit.NewVirtualHostAsync()).ToString(),
            ["Farm:Postgres"] = _postgres.Database("postgres"),
            ["Gateway:Listen"] = Address.Authority,
            ["Worker:Environments:bfcl:Enabled"] = "false",
            ["Worker:Environments:countdown:Enabled"] = "false",
            ["Worker:Environments:webshop:Enabled"] = "false",
            ["API_KEYS"] = $"anna={KeyedProgram.Anna}",
            ["ADMIN_KEYS"] = $"root={KeyedProgram.Root}",
        };
        foreach (var program in (string[])["Gateway", "Workers", "Workers"]) _programs.Add(FarmProgram.Start(program, settings, _temporary.FullName));
        using var root = Caller(KeyedProgram.Root);
        await Until.TrueAsync("two workers serve", async () => await CountWorkersAsync(root) == 2, StartLimit, () => string.Join(Environment.NewLine, _programs.Select(program => program.LastOutput)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
        await _rabbit.DisposeAsync();
        await _postgres.DisposeAsync();
        await _temporary.RemoveAsync();
    }

    public Caller Caller(string key) => new(Address, key);

    /// <summary>Enters episodes that have ended, as if they had been played.</summary>
    public async Task EnterEpisodesAsync(string tenant, int count)
    {
        await using var source = NpgsqlDataSource.Create($"{_postgres.Database("postgres")};Pooling=false");
        await using var command = source.CreateCommand(
            """
            INSERT INTO instances (tenant, instance_id, env_type, task_id, params, state, owner, epoch, attempts, recoveries, next_step, is_end_announced, created_at, last_used_at, ended_at)
            SELECT $1, 'played-' || n, 'frozenlake', '4x4-' || n % 1000, '', 4, NULL, 1, 0, 0, 5, true, 1700000000000 + n, 1700000000500 + n, 1700000000900 + n FROM generate_series(1, $2) AS n
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(count);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<int> CountWorkersAsync(Caller caller)
    {
        try
        {
            return (await caller.GetAsync("/v1/workers")).Body.Split("\"name\"").Length - 1;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
