using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Runtimes.Recorded;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>Wires the runtime that starts environment servers as containers.</summary>
internal static class DockerRuntimeServices
{
    public static IServiceCollection AddDockerRuntime(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.Configure<DockerRuntimeOptions>(configuration.GetSection("DockerRuntime"));
        return services.AddSingleton<DockerRuntime>().AddSingleton<IRuntime>(provider => new JournalRuntime(provider.GetRequiredService<DockerRuntime>()));
    }
}
