using Microsoft.Extensions.DependencyInjection;

namespace SandQueue.Hosting.Memory;

/// <summary>Wires the release of memory.</summary>
public static class MemoryServices
{
    /// <summary>Gives memory back whenever the program is idle after it took much.</summary>
    public static IServiceCollection AddIdleMemoryRelease(this IServiceCollection services) => services.AddHostedService(provider => new IdleMemoryRelease(provider.GetRequiredService<TimeProvider>()));
}
