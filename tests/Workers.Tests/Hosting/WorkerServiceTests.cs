using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Hosting.Farm;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Transport;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Pools;

namespace SandQueue.Workers.Tests.Hosting;

/// <summary>A worker's start, on a bus in memory and an environment that starts when the test lets it.</summary>
public sealed class WorkerServiceTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly WorkerStore _store = new();
    private readonly FakeRuntime _runtime = new();
    private readonly KeptLines _log = new();
    private IHost? _host;

    private WorkerDirectory Directory => _host!.Services.GetRequiredService<WorkerDirectory>();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }

        await _store.DisposeAsync();
    }

    [Fact]
    public async Task An_environment_that_cannot_start_with_its_worker_is_tried_again_until_it_does()
    {
        _runtime.Failure = new ContainerException("the image is not there");
        await StartAsync();
        (await EnvironmentsAsync()).ShouldBe("[]");
        Lines().ShouldContain((LogLevel.Error, "environment 'fake' is not served: the image is not there"));

        await PassAsync("it was tried again, and waits for longer", () => Lines().Contains((LogLevel.Information, "retrying to start environment fake in 10 s")));
        (await EnvironmentsAsync()).ShouldBe("[]");

        _runtime.Failure = null;
        await PassAsync("it serves", () => Lines().Any(line => line.Line.EndsWith("serves fake", StringComparison.Ordinal)));

        (await EnvironmentsAsync()).ShouldContain("\"env_type\":\"fake\"");
        var listed = _host!.Services.GetRequiredService<ICommandRouter>().ListTasksAsync(
            new ListTasks { CommandId = "c", Tenant = "a", RemainingMs = 20_000, EnvType = "fake", Split = "train" }, TestContext.Current.CancellationToken);
        (await listed.WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_worker_starts_beside_those_of_another_version_and_says_so_in_one_line()
    {
        await RegisterAsync("older.1", QueueNames.ContractVersion - 1);
        await RegisterAsync("newer.1", QueueNames.ContractVersion + 1);
        await RegisterAsync("same.1", QueueNames.ContractVersion);

        await StartAsync();

        (await EnvironmentsAsync()).ShouldContain("fake");
        Lines().Where(line => line.Level == LogLevel.Warning).ShouldHaveSingleItem().Line.ShouldBe(
            $"worker {_host!.Services.GetRequiredService<WorkerIdentity>().Name} speaks messages {QueueNames.ContractVersion}, and 2 living workers speak others: "
            + $"9.9 ({QueueNames.ContractVersion + 1}), 9.9 ({QueueNames.ContractVersion - 1}); gateways send each to its own, so run gateways of both versions until the update is over");
    }

    [Fact]
    public async Task Until_its_environments_have_started_it_can_take_nothing_and_from_then_on_all_it_has_room_for()
    {
        _runtime.Hold();
        var starting = StartAsync();
        await _runtime.AskedAsync(1);
        (await ListedAsync()).Capacity.ShouldHaveSingleItem().FreeSlots.ShouldBe(0);
        var probes = ActivatorUtilities.CreateInstance<WorkerProbes>(_host!.Services);
        probes.WhyNotReady().ShouldBe("the worker's environments still start");

        _runtime.Go();
        await starting;
        var listed = await ListedAsync();
        listed.Capacity.ShouldHaveSingleItem().FreeSlots.ShouldBePositive();
        listed.FreeSlots.ShouldBe(listed.Capacity[0].FreeSlots);
        probes.WhyNotReady().ShouldBeNull();
    }

    [Fact]
    public async Task A_worker_that_is_asked_to_end_while_it_starts_ends_its_lease()
    {
        _runtime.Hold();
        Build();
        var starting = FarmStart.StartAsync(_host);
        await _runtime.AskedAsync(1);
        await ListedAsync();

        _host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await Should.ThrowAsync<OperationCanceledException>(starting.WaitAsync(Limit, TestContext.Current.CancellationToken));
        (await Directory.ListLivingAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    private List<(LogLevel Level, string Line)> Lines() => [.. _log.Lines];

    private Task StartAsync()
    {
        Build();
        return _host.StartAsync();
    }

    [MemberNotNull(nameof(_host))]
    private void Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(_log).AddFilter("SandQueue", LogLevel.Information).AddFilter("MassTransit", LogLevel.None).AddFilter(null, LogLevel.Error);
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(_store.Time).AddStorage(_store.Options);
        services.AddTransport(new TransportOptions());
        services.AddCommandRouter();
        services.AddWorker(new ConfigurationBuilder().AddInMemoryCollection([new("Worker:Environments:fake:MaxContainers", "1"), new("Worker:Lease", "00:10:00")]).Build());
        services.AddSingleton<IRuntime>(_runtime).AddSingleton<IEnvironmentProtocols>(new FakeEnvironment());
        _host = builder.Build();
    }

    private async Task<string> EnvironmentsAsync() => (await ListedAsync()).Environments;

    private async Task<Worker> ListedAsync()
    {
        var name = _host!.Services.GetRequiredService<WorkerIdentity>().Name;
        return (await Directory.ListLivingAsync(CancellationToken.None)).Single(worker => worker.Name == name);
    }

    private async Task RegisterAsync(string name, int contract)
    {
        await using var services = new ServiceCollection().AddSingleton<TimeProvider>(_store.Time).AddStorage(_store.Options).BuildServiceProvider();
        await services.GetRequiredService<WorkerDirectory>().RegisterAsync(
            new Worker { Name = name, Host = "h", Version = "9.9", Contract = contract, Environments = "[]" }, TimeSpan.FromHours(1), CancellationToken.None);
    }

    /// <summary>Lets time pass, a second at each look, until something holds.</summary>
    private Task PassAsync(string what, Func<bool> holds) => Until.TrueAsync(
        what,
        () =>
        {
            _store.Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(holds());
        },
        Limit,
        () => string.Join(" | ", _log.Lines));
}
