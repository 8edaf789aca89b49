using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SandQueue.Hosting.Startup;
using SandQueue.Transport.Brokers;

namespace SandQueue.Hosting.Farm;

/// <summary>Starts a program of a farm, whose bus opens its queues then.</summary>
public static class FarmStart
{
    /// <exception cref="StartupException">The broker did not open the queues in time: <see cref="FarmOptions.StartTimeout"/> is the limit of the connection, each queue has its own.</exception>
    /// <exception cref="OperationCanceledException">The program was asked to end before it was up.</exception>
    public static async Task StartAsync(IHost program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var stopping = program.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await program.StartAsync(CancellationToken.None);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested && BusStart.FailureOf(exception) is { } reason)
        {
            throw new StartupException($"the broker did not open this program's queues in time: {reason.TrimEnd('.')}; look whether it is up, and what its user may configure");
        }
    }
}
