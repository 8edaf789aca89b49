using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Transport;
using SandQueue.Transport.Health;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Fleet;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Pools;

namespace SandQueue.Workers.Tests.Fleet;

/// <summary>What a worker does that receives nothing, on a bus in memory, beside another worker that does.</summary>
public sealed class LeaseRenewalTests : IAsyncLifetime, IConsumerHealth
{
    private const string Other = "other.1";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly WorkerStore _store = new();
    private readonly KeptLines _log = new();
    private IHost? _host;
    private ServiceProvider? _other;
    private DateTimeOffset? _cutAt;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    TimeSpan IConsumerHealth.SinceReceived => _cutAt is { } cut ? _store.Time.GetUtcNow() - cut : TimeSpan.Zero;

    private WorkerDirectory Directory => _other!.GetRequiredService<WorkerDirectory>();

    private string Name => _host!.Services.GetRequiredService<WorkerIdentity>().Name;

    private OwnedInstances Owned => _host!.Services.GetRequiredService<OwnedInstances>();

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _other = new ServiceCollection().AddSingleton<TimeProvider>(_store.Time).AddStorage(_store.Options).BuildServiceProvider();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _other!.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task One_that_receives_nothing_while_another_does_gives_its_instances_up_and_comes_back_under_another_name()
    {
        await Directory.RegisterAsync(new Worker { Name = Other, Host = "h", Version = "1", Contract = QueueNames.ContractVersion, Environments = "[]" }, Lease, Cancel);
        await CreateAsync();
        var before = Name;
        _cutAt = _store.Time.GetUtcNow();

        for (var silence = Lease / 3; silence <= TimeSpan.FromSeconds(30); silence += Lease / 3)
        {
            await PassAsync(renewOther: true);
            (Name, Owned.Count).ShouldBe((before, 1), string.Create(CultureInfo.InvariantCulture, $"after {silence.TotalSeconds} s"));
        }

        await PassAsync(renewOther: true);
        await Until.TrueAsync("it comes back", async () => Name != before && await FindAsync(Name) is not null, Limit, Lines);
        (await FindAsync(before)).ShouldBeNull("its instances need not wait until the lease runs out");
        Owned.Count.ShouldBe(0);
        Lines().ShouldContain($"worker {before} has received nothing for 35 s while another worker receives; it gives its lease up, so that others take its instances over");
    }

    [Fact]
    public async Task One_that_receives_nothing_alone_keeps_its_instances()
    {
        await CreateAsync();
        var before = Name;
        _cutAt = _store.Time.GetUtcNow();

        for (var renewal = 0; renewal < 20; renewal++) await PassAsync(renewOther: false);

        (Name, Owned.Count).ShouldBe((before, 1));
    }

    [Fact]
    public async Task A_renewal_publishes_the_containers_and_the_next_one_only_what_changed()
    {
        await CreateAsync();
        await PassAsync(renewOther: false);

        var container = (await PublishedAsync()).ShouldHaveSingleItem();
        (container.Environment, container.Id, container.Runs, container.State).ShouldBe(("fake", "container-1", "the built-in server", ContainerState.Running));
        (container.Instances, container.Served).ShouldBe((1, 1));
        container.StartedAt.ShouldBeInRange(1, _store.Time.GetUtcNow().ToUnixTimeMilliseconds());

        // What the database has is not written again: somebody else's text in the column stays.
        await ExecuteAsync("UPDATE workers SET containers = '[]'");
        await PassAsync(renewOther: false);
        (await PublishedAsync()).ShouldBeEmpty();

        _host!.Services.GetRequiredService<OwnedInstances>().Discard();
        await Until.TrueAsync("the instance has left its container", () => _host!.Services.GetRequiredService<EnvironmentPools>().All.Single().Describe().Single().Instances == 0, Limit, Lines);
        await PassAsync(renewOther: false);
        (await PublishedAsync()).ShouldHaveSingleItem().Instances.ShouldBe(0);
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new SqliteConnection(_store.Options.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new SqliteCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<IReadOnlyList<WorkerContainer>> PublishedAsync() => (await Directory.ListContainersAsync(Cancel)).Single(worker => worker.Name == Name).Containers;

    private async Task StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(_log).AddFilter("SandQueue", LogLevel.Information).AddFilter(null, LogLevel.Error);
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(_store.Time).AddStorage(_store.Options);
        services.AddTransport(new TransportOptions());
        services.AddSingleton<IConsumerHealth>(this);
        services.AddCommandRouter();
        services.AddWorker(new ConfigurationBuilder().AddInMemoryCollection([new("Worker:Environments:fake:MaxContainers", "1"), new("Worker:Lease", Lease.ToString("c"))]).Build());
        services.AddSingleton<IRuntime>(new FakeRuntime()).AddSingleton<IEnvironmentProtocols>(new FakeEnvironment());
        _host = builder.Build();
        await _host.StartAsync(Cancel);
    }

    private async Task CreateAsync()
    {
        var create = new CreateInstance { CommandId = "c", Tenant = "a", RemainingMs = 20_000, InstanceId = "i", EnvType = "fake", TaskId = "t1" };
        (await _host!.Services.GetRequiredService<ICommandRouter>().CreateAsync(create, Cancel).WaitAsync(Limit, Cancel)).ShouldBeOfType<CommandOutcome.Completed>();
        Owned.Count.ShouldBe(1);
    }

    /// <summary>Lets the time of one renewal pass, and waits for what the worker does then.</summary>
    private async Task PassAsync(bool renewOther)
    {
        var (name, until) = (Name, (await FindAsync(Name))!.LeaseUntil);
        _store.Time.Advance(Lease / 3);
        if (renewOther) (await Directory.RenewAsync(Other, Lease, TimeSpan.Zero, [], containers: null, Cancel)).ShouldBe(LeaseVerdict.Renewed);
        await Until.TrueAsync("it renews its lease, or gives it up", async () => (await FindAsync(name))?.LeaseUntil != until, Limit, Lines);
    }

    private Task<Worker?> FindAsync(string name) => Directory.FindLivingAsync(name, Cancel);

    private string Lines() => string.Join(" | ", _log.Lines.Select(line => line.Line));
}
