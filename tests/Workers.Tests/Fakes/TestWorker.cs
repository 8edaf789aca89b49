using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Contracts;
using SandQueue.Storage;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Transport;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Commands.Creation;
using SandQueue.Workers.Commands.Description;
using SandQueue.Workers.Commands.Evaluation;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Commands.Release;
using SandQueue.Workers.Commands.Solution;
using SandQueue.Workers.Commands.Stepping;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Tests.Pools;

namespace SandQueue.Workers.Tests.Fakes;

/// <summary>
/// A whole worker, wired as the program wires it, on a fake environment and without a broker. It joins under a lease that
/// outlives the test; commands are handed to it as its consumers would.
/// </summary>
internal sealed class TestWorker : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromDays(30);

    private readonly ServiceProvider _services;

    private TestWorker(WorkerStore store, FakeEnvironment environment, int instances, int containers, IRuntime? served, IReadOnlyDictionary<string, string?> settings)
    {
        Store = store;
        Environment = environment;
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(store.Time);
        services.AddStorage(store.Options);
        services.AddSingleton<Microsoft.Extensions.Hosting.IHostApplicationLifetime>(NSubstitute.Substitute.For<Microsoft.Extensions.Hosting.IHostApplicationLifetime>());
        services.AddTransport(new TransportOptions());
        services.AddWorker(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Worker:Environments:fake:InstancesPerContainer"] = $"{instances}",
            ["Worker:Environments:fake:MaxContainers"] = $"{containers}",
            ["Worker:Environments:fake:CallTimeout"] = "40.00:00:00",
            ["Worker:Environments:fake:ReservedForRecovery"] = "0",
            ["Worker:ParkAfter"] = "01:00:00",
            ["Worker:ReleaseAfter"] = "1.00:00:00",
        }).AddInMemoryCollection(settings).Build());
        services.AddSingleton(Bus.Messages);
        services.AddSingleton(served ?? Runtime);
        if (served is null) services.AddSingleton<IEnvironmentProtocols>(environment);
        _services = services.BuildServiceProvider();
    }

    public WorkerStore Store { get; }

    public FakeEnvironment Environment { get; }

    public FakeRuntime Runtime { get; } = new();

    public FakeBus Bus { get; } = new();

    /// <summary>The caller of this worker's commands, unless a test names another.</summary>
    public string Tenant { get; } = Guid.NewGuid().ToString("n");

    public string Name => Get<WorkerIdentity>().Name;

    public ContainerPool Pool => Get<EnvironmentPools>().All.Single();

    public OwnedInstances Owned => Get<OwnedInstances>();

    /// <summary>The instances its environment made so far, oldest first.</summary>
    public IReadOnlyList<FakeInstance> Made => [.. Environment.Created];

    public static async Task<TestWorker> StartAsync(
        WorkerStore store, FakeEnvironment? environment = null, int instances = 1000, int containers = 10, IRuntime? served = null, params (string Key, string Value)[] settings)
    {
        var worker = new TestWorker(
            store, environment ?? new FakeEnvironment(), instances, containers, served, settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        await worker.Pool.DescribeAsync(CancellationToken.None);
        await worker.Get<WorkerDirectory>().RegisterAsync(
            new Worker { Name = worker.Name, Host = "h", Version = "1", Contract = QueueNames.ContractVersion, Environments = "[]" }, Lease, CancellationToken.None);
        worker.Bus.Deliver = command => _ = worker.Get<InstanceCreation>().CreateAsync(command, FakeBus.ReplyTo);
        var lease = worker.Get<WorkerLease>();
        lease.Renewed(lease.Mark(), Lease);
        return worker;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Ends the worker as a crash does: its lease is over, and it says nothing any more.</summary>
    public async Task CrashAsync()
    {
        Get<WorkerLease>().End();
        await Get<WorkerDirectory>().EndLeaseAsync(Name, CancellationToken.None);
    }

    public CreateInstance NewCreate(string instanceId = "i", string taskId = "t1", string parameters = "") => new()
    {
        CommandId = NewId(),
        Tenant = Tenant,
        RemainingMs = 60_000,
        InstanceId = instanceId,
        EnvType = "fake",
        TaskId = taskId,
        Params = Encoding.UTF8.GetBytes(parameters),
    };

    public StepInstance NewStep(string action, string instanceId = "i", int? expected = null) => new()
    {
        CommandId = NewId(),
        Tenant = Tenant,
        RemainingMs = 60_000,
        InstanceId = instanceId,
        Action = Encoding.UTF8.GetBytes(action),
        ExpectedStep = expected,
    };

    public EvaluateInstance NewEvaluate(string instanceId = "i") => new() { CommandId = NewId(), Tenant = Tenant, RemainingMs = 60_000, InstanceId = instanceId };

    public DescribeInstance NewDescribe(string instanceId = "i") => new() { CommandId = NewId(), Tenant = Tenant, RemainingMs = 60_000, InstanceId = instanceId };

    public SolveInstance NewSolve(string instanceId = "i") => new() { CommandId = NewId(), Tenant = Tenant, RemainingMs = 60_000, InstanceId = instanceId };

    public ReleaseInstance NewRelease(string instanceId = "i") => new() { CommandId = NewId(), Tenant = Tenant, RemainingMs = 60_000, InstanceId = instanceId };

    public Task<CommandReply> SendAsync(CreateInstance command)
    {
        _ = Get<InstanceCreation>().CreateAsync(command, FakeBus.ReplyTo);
        return Bus.ReplyAsync(command.CommandId);
    }

    public Task<CommandReply> SendAsync(StepInstance command) => AcceptAsync(command, Get<StepExecution>());

    public Task<CommandReply> SendAsync(EvaluateInstance command) => AcceptAsync(command, Get<EvaluateExecution>());

    public Task<CommandReply> SendAsync(DescribeInstance command) => AcceptAsync(command, Get<DescribeExecution>());

    public Task<CommandReply> SendAsync(SolveInstance command) => AcceptAsync(command, Get<SolveExecution>());

    public Task<CommandReply> SendAsync(ReleaseInstance command) => AcceptAsync(command, Get<ReleaseExecution>());

    public async Task<CommandReply> CreateAsync(string instanceId = "i", string parameters = "")
    {
        var reply = await SendAsync(NewCreate(instanceId, parameters: parameters));
        reply.End.ShouldBe(CommandEnd.Completed, reply.Detail);
        return reply;
    }

    public async Task<CommandReply> StepAsync(string action, string instanceId = "i")
    {
        var reply = await SendAsync(NewStep(action, instanceId));
        reply.End.ShouldBe(CommandEnd.Completed, reply.Detail);
        return reply;
    }

    public Task<Instance> RowAsync(string instanceId = "i") => Store.RowAsync(Tenant, instanceId);

    public Task<List<JournalEntry>> EpisodeAsync(string instanceId = "i") => Store.EpisodeAsync(Tenant, instanceId);

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    private Task<CommandReply> AcceptAsync<TCommand>(TCommand command, ICommandExecution<TCommand> execution)
        where TCommand : InstanceCommand
    {
        Get<CommandIntake>().Accept([command], execution, FakeBus.ReplyTo);
        return Bus.ReplyAsync(command.CommandId);
    }

    private static string NewId() => Guid.NewGuid().ToString("n");
}
