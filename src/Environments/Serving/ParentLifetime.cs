namespace SandQueue.Environments.Serving;

/// <summary>
/// Ends the server when its standard input ends. That pipe belongs to the worker that started the server, so it ends
/// with the worker, even one that was killed and could tidy nothing.
/// </summary>
internal static class ParentLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public static void Watch(ServerOptions options, IHostApplicationLifetime lifetime)
    {
        if (!options.DieWithParent) return;

        // A thread of its own: an environment that uses up the thread pool must not keep an orphan alive.
        new Thread(() => AwaitEnd(options, lifetime)) { IsBackground = true, Name = "parent lifetime" }.Start();
    }

    private static void AwaitEnd(ServerOptions options, IHostApplicationLifetime lifetime)
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
