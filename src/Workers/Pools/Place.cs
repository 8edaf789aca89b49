using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>Gives back an instance's slot in a container, and the memory it had there.</summary>
internal static class Place
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Nothing waits for it: the container may be gone or hang, and then its memory is freed with it. The slot is free at
    /// once, but for a container of its own, which ends when its instance is released.
    /// </summary>
    /// <param name="environment">The instance; null where none was made.</param>
    /// <param name="slot">Its slot.</param>
    public static void Free(IEnvironmentInstance? environment, ContainerSlot slot)
    {
        slot.Dispose();
        if (environment is not null && !slot.IsIsolated) _ = ReleaseAsync(environment);
    }

    private static async Task ReleaseAsync(IEnvironmentInstance environment)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await environment.ReleaseAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is EnvironmentFailedException or EnvironmentRejectedException or OperationCanceledException)
        {
            // Said above: there is nobody to tell and nothing to do.
        }
    }
}
