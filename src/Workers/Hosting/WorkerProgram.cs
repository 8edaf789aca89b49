using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SandQueue.Hosting.Admin;
using SandQueue.Hosting.Farm;
using SandQueue.Hosting.Logging;
using SandQueue.Hosting.Memory;
using SandQueue.Hosting.Settings;
using SandQueue.Hosting.Startup;
using SandQueue.Hosting.Telemetry;
using SandQueue.Routing;
using SandQueue.Routing.Limits;
using SandQueue.Storage;
using SandQueue.Transport;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Settings;

namespace SandQueue.Workers.Hosting;

/// <summary>Runs one worker of a farm, and turns what keeps it from starting into one line.</summary>
internal static class WorkerProgram
{
    /// <summary>What shells expect of a program that Ctrl-C ended.</summary>
    private const int Interrupted = 130;

    private static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            if (WorkerArguments.Arguments.Printed(args, typeof(WorkerProgram).Assembly.GetName().Version!.ToString(3)) is { } text)
            {
                await Console.Out.WriteLineAsync(text);
                return 0;
            }

            using var worker = Build(args, out var farm);
            await FarmParts.WaitAsync(worker.Services, farm, CancellationToken.None);
            await FarmStart.StartAsync(worker);
            await worker.WaitForShutdownAsync();
            return Environment.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C before it was up.
            return Interrupted;
        }
        catch (StartupException exception)
        {
            return await exception.PrintAsync();
        }
        catch (ContainerException exception)
        {
            return await new StartupException(exception.Message).PrintAsync();
        }
    }

    private static IHost Build(string[] args, out FarmOptions farm)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        WorkerArguments.Arguments.Require(args);
        builder.Configuration.AddJsonFile("worker.json").AddEnvironmentVariables(SettingsCheck.Prefix).AddCommandLine(args);
        builder.Configuration.AddEnvironmentFiles(Path.Combine(AppContext.BaseDirectory, "environments"));
        WorkerArguments.Settings.Require(builder.Configuration, Environment.GetEnvironmentVariables().Keys.Cast<string>());
        farm = builder.Configuration.Read<FarmOptions>("Farm");
        var (storage, transport) = FarmParts.Read(farm);

        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddLines();
        builder.AddTelemetry("sandqueue-worker", AdminAddress.Read("Worker:AdminListen", builder.Configuration["Worker:AdminListen"]));
        builder.Services.AddSingleton<IAdminPages, WorkerProbes>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Shutdown);
        builder.Services.AddIdleMemoryRelease();
        builder.Services.AddStorage(storage);
        builder.Services.AddTransport(transport);
        builder.Services.AddCommandRouter(Limits(builder.Configuration));
        builder.Services.AddWorker(builder.Configuration);
        return builder.Build();
    }

    /// <summary>A tenant's limits hold for the rollouts that a worker plays too, so it reads what gateways read.</summary>
    internal static TenantLimits Limits(IConfiguration configuration)
    {
        var limits = configuration.Read<TenantLimits>(TenantLimits.Section);
        return limits.Problems().ToList() is { Count: > 0 } problems ? throw new StartupException(string.Join("; ", problems)) : limits;
    }
}
