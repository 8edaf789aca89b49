using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Hosting.Settings;
using SandQueue.Hosting.Startup;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Hosting;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Commands.Creation;
using SandQueue.Workers.Commands.Description;
using SandQueue.Workers.Commands.Evaluation;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Commands.Release;
using SandQueue.Workers.Commands.Solution;
using SandQueue.Workers.Commands.Stepping;
using SandQueue.Workers.Commands.Tasks;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Draining;
using SandQueue.Workers.Fleet;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Protocols.Recorded;
using SandQueue.Workers.Recovery;
using SandQueue.Workers.Recovery.Checkpoints;
using SandQueue.Workers.Replay;
using SandQueue.Workers.Replies;
using SandQueue.Workers.Runtimes.Docker;
using SandQueue.Workers.Runtimes.Processes;
using SandQueue.Workers.Runtimes.Recorded;
using SandQueue.Workers.Serving;
using SandQueue.Workers.Settings;
using SandQueue.Workers.Sweep;

namespace SandQueue.Workers.Hosting;

/// <summary>Wires a worker. It needs storage and a transport, and does not know which.</summary>
public static class WorkerServices
{
    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static IServiceCollection AddWorker(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = configuration.Read<WorkerOptions>("Worker");
        WorkerOptionsCheck.Require(options);
        services.Configure<WorkerOptions>(configuration.GetSection("Worker"));

        // A worker that only plays rollouts is one without environments: it has a name and a lease, and no room for instances.
        if (!options.ServesEnvironments) services.PostConfigure<WorkerOptions>(worker => worker.Environments.Clear());
        AddRuntime(services, configuration, options.Runtime);

        services.AddSingleton<WorkerIdentity>();
        services.AddSingleton<WorkerLease>();
        services.AddSingleton<Recordings>();
        services.AddSingleton<IEnvironmentProtocols, EnvironmentProtocols>();
        services.AddSingleton<EnvironmentPools>();
        services.AddSingleton<OwnedInstances>();
        AddConsumers(services);
        services.AddSingleton<WorkerEndpoints>();
        services.AddSingleton<EnvironmentServing>();
        services.AddSingleton<DrainState>();
        services.AddSingleton<InstanceHandover>();
        services.AddSingleton<NewOwners>();
        services.AddSingleton<CommandForwarding>();
        services.AddSingleton<CreateReturn>();
        services.AddSingleton<OrphanedInstances>();
        services.AddSingleton<OtherOwners>();
        services.AddSingleton<MissingInstances>();
        services.AddSingleton<InstanceTakeover>();
        services.AddSingleton<OwnerLookup>();
        services.AddSingleton<RunningCommands>();
        services.AddSingleton<CommandRun>();
        services.AddSingleton<CommandIntake>();
        services.AddSingleton<RetryAnswers>();
        services.AddSingleton<ReplyOutbox>();
        services.AddSingleton<CheckpointSource>();
        services.AddSingleton<CheckpointSaving>();
        services.AddSingleton<EpisodeReplay>();
        services.AddSingleton<VerifiedReplay>();
        services.AddSingleton<RebuildRun>();
        services.AddSingleton<InstanceEnding>();
        services.AddSingleton<InstanceRebuild>();
        services.AddSingleton<RecoveringCall>();
        services.AddSingleton<UnkeyedRetries>();
        services.AddSingleton<StepRecording>();
        services.AddSingleton<InstanceCreation>();
        services.AddSingleton<InstanceMaking>();
        services.AddSingleton<InstanceRelease>();
        services.AddSingleton<CreateExecution>();
        services.AddSingleton<StepExecution>();
        services.AddSingleton<EvaluateExecution>();
        services.AddSingleton<DescribeExecution>();
        services.AddSingleton<SolveExecution>();
        services.AddSingleton<ReleaseExecution>();
        services.AddSingleton<WorkerCapacity>();
        services.AddSingleton<ContainerReport>();
        services.AddSingleton<FleetRegistration>();
        services.AddSingleton<LeaseRenewal>();
        services.AddSingleton<StartAttempts>();
        services.AddHostedService<WorkerGauges>();
        services.AddHostedService<WorkerService>();
        if (options.PlaysRollouts)
        {
            services.AddSingleton<ILaneOwner, RolloutOwner>();
            services.AddRolloutWorker(configuration);
        }

        services.AddIdleSweep(options.SweepEvery);
        return services;
    }

    private static void AddRuntime(IServiceCollection services, IConfiguration configuration, string runtime)
    {
        switch (runtime)
        {
            case "process":
                services.Configure<ProcessRuntimeOptions>(configuration.GetSection("ProcessRuntime"));
                services.AddSingleton<ProcessRuntime>();
                services.AddSingleton<IRuntime>(provider => new JournalRuntime(provider.GetRequiredService<ProcessRuntime>()));
                break;
            case "docker":
                services.AddDockerRuntime(configuration);
                break;
            default:
                throw new StartupException($"Worker:Runtime is '{runtime}'; known are process and docker");
        }
    }

    private static void AddConsumers(IServiceCollection services)
    {
        services.AddSingleton<DirectCreates>();
        services.AddSingleton<CreateInstanceConsumer>();
        services.AddSingleton<StepInstanceConsumer>();
        services.AddSingleton<ResponseUndeliveredConsumer>();
        services.AddSingleton<EvaluateInstanceConsumer>();
        services.AddSingleton<DescribeInstanceConsumer>();
        services.AddSingleton<SolveInstanceConsumer>();
        services.AddSingleton<ReleaseInstanceConsumer>();
        services.AddSingleton<ListTasksConsumer>();
        services.AddSingleton<CommandConsumers>();
    }
}
