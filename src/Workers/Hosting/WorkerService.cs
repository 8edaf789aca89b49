using System.Text;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Transport;
using SandQueue.Workers.Commands.Creation;
using SandQueue.Workers.Commands.Description;
using SandQueue.Workers.Commands.Evaluation;
using SandQueue.Workers.Commands.Release;
using SandQueue.Workers.Commands.Stepping;
using SandQueue.Workers.Commands.Tasks;
using SandQueue.Workers.Containers;

namespace SandQueue.Workers.Hosting;

/// <summary>A worker's life: start its environments, register, take commands, renew the lease, leave.</summary>
internal sealed partial class WorkerService(
    EnvironmentPools pools,
    WorkerDirectory workers,
    WorkerIdentity identity,
    EndpointConnector endpoints,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<WorkerService> log) : BackgroundService
{
    /// <summary>Creates a worker works on at once; the others stay in the shared queue, for workers that have time.</summary>
    private const int ConcurrentCreates = 32;

    private readonly List<HostReceiveEndpointHandle> _connected = [];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var descriptions = await Task.WhenAll(pools.All.Select(pool => DescribeAsync(pool, cancellationToken)));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await workers.RegisterAsync(
            new Worker
            {
                Name = identity.Name,
                Host = Environment.MachineName,
                Version = typeof(WorkerService).Assembly.GetName().Version!.ToString(3),
                Environments = Catalogue(descriptions.OfType<ReadOnlyMemory<byte>>()),
                Room = pools.Room,
                StartedAt = now,
                LeaseUntil = now + (long)options.Value.Lease.TotalMilliseconds,
            },
            cancellationToken);

        _connected.Add(await endpoints.ConnectOwnAsync(QueueNames.Worker(identity.Name), ConfigureCommands));
        foreach (var pool in pools.All.Zip(descriptions).Where(pool => pool.Second is not null).Select(pool => pool.First))
        {
            _connected.Add(await endpoints.ConnectSharedAsync(QueueNames.Create(pool.Environment), ConcurrentCreates, ConfigureCreates));
            _connected.Add(await endpoints.ConnectSharedAsync(QueueNames.Entry(pool.Environment), ConcurrentCreates, ConfigureCommands));
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await workers.LeaveAsync(identity.Name, cancellationToken);
        await pools.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 3, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!await workers.RenewAsync(identity.Name, options.Value.Lease, pools.Room, stoppingToken)) LeaseEnded(identity.Name);
        }
    }

    private static void ConfigureCreates(IRegistrationContext context, IReceiveEndpointConfigurator endpoint) =>
        endpoint.ConfigureConsumer<CreateInstanceConsumer>(context);

    private static void ConfigureCommands(IRegistrationContext context, IReceiveEndpointConfigurator endpoint)
    {
        endpoint.ConfigureConsumer<CreateInstanceConsumer>(context);
        endpoint.ConfigureConsumer<StepInstanceConsumer>(context);
        endpoint.ConfigureConsumer<EvaluateInstanceConsumer>(context);
        endpoint.ConfigureConsumer<DescribeInstanceConsumer>(context);
        endpoint.ConfigureConsumer<ReleaseInstanceConsumer>(context);
        endpoint.ConfigureConsumer<ListTasksConsumer>(context);
    }

    /// <summary>An environment that cannot start does not keep the others from it.</summary>
    private async Task<ReadOnlyMemory<byte>?> DescribeAsync(ContainerPool pool, CancellationToken cancel)
    {
        try
        {
            return await pool.DescribeAsync(cancel);
        }
        catch (ContainerException failure)
        {
            NotServed(pool.Environment, failure.Message);
            return null;
        }
    }

    private static string Catalogue(IEnumerable<ReadOnlyMemory<byte>> descriptions)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var description in descriptions) writer.WriteRawValue(description.Span);
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    [LoggerMessage(LogLevel.Error, "environment '{Environment}' is not served: {Reason}")]
    private partial void NotServed(string environment, string reason);

    [LoggerMessage(LogLevel.Error, "the lease of worker {Worker} has ended; another worker may own its instances now")]
    private partial void LeaseEnded(string worker);
}
