using Microsoft.Extensions.Hosting;

namespace SandQueue.Transport.Health;

/// <summary>Stops the host with exit code 1.</summary>
/// <param name="lifetime">The host's; null outside of a host, where nothing can be ended.</param>
internal sealed class HostRestart(IHostApplicationLifetime? lifetime) : IProcessRestart
{
    public void Request()
    {
        if (lifetime is null) return;
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}
