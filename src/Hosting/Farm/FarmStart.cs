using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SandQueue.Hosting.Startup;
using SandQueue.Transport.Brokers;

namespace SandQueue.Hosting.Farm;

/// <summary>Starts a program of a farm, whose bus opens its queues then.</summary>
public static class FarmStart
{
    /// <remarks>
    /// What fails or is interrupted here is stopped like a program that was up: a worker whose environments still start is known to the farm and has been sent
    /// Creates, which it has to give back, and a lease, which it has to end.
    /// </remarks>
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
        catch (Exception exception)
        {
            var wasAsked = stopping.IsCancellationRequested;
            await StopAsync(program);
            if (wasAsked) throw new OperationCanceledException("the program was asked to end before it was up", exception, stopping);
            if (BusStart.FailureOf(exception) is not { } reason) throw;
            throw new StartupException($"the broker did not open this program's queues in time: {reason.TrimEnd('.')}; look whether it is up, and what its user may configure");
        }
    }

    private static async Task StopAsync(IHost program)
    {
        try
        {
            await program.StopAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // The host has logged which part did not stop, and why it did not start is what the caller is told.
        }
    }
}
