using System.Runtime.InteropServices;

namespace SandQueue.Environments.Serving;

/// <summary>
/// Ends the server when its standard input ends. That pipe belongs to the worker that started the server, so it ends
/// with the worker, even one that was killed and could tidy nothing.
/// </summary>
internal sealed class ParentLifetime(ServerOptions options, IHostApplicationLifetime lifetime) : IHostLifetime, IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Ctrl-C in a terminal reaches children too; this one waits for its parent, which still needs it.</summary>
    private readonly PosixSignalRegistration _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own: an environment that uses up the thread pool must not keep an orphan alive.
        new Thread(AwaitEnd) { IsBackground = true, Name = "parent lifetime" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _interrupt.Dispose();

    private void AwaitEnd()
    {
        using (var input = Console.OpenStandardInput())
        {
            Span<byte> ignored = stackalloc byte[64];
            while (input.Read(ignored) > 0)
            {
            }
        }

        lifetime.StopApplication();
        if (!lifetime.ApplicationStopped.WaitHandle.WaitOne(Grace) && options.Socket is { } socket) File.Delete(socket);

        // A hanging environment may hold the process: it ends all the same.
        Environment.Exit(0);
    }
}
