namespace SandQueue.Transport.Tests;

/// <summary>The processes of a transport's tests. A transport joins the contract suite by deriving from this.</summary>
public abstract class TransportFixture : IAsyncLifetime
{
    /// <summary>Two that reach each other; the same one twice where a transport never leaves its process.</summary>
    public BusProcess First { get; private set; } = null!;

    public BusProcess Second { get; private set; } = null!;

    public Inbox Inbox { get; } = new();

    /// <summary>Whether a send to a process's own queue fails once that process is gone.</summary>
    public abstract bool NoticesGoneQueues { get; }

    public async ValueTask InitializeAsync() => (First, Second) = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        if (Second != First) await Second.DisposeAsync();
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<(BusProcess First, BusProcess Second)> StartAsync();

    protected virtual ValueTask StopAsync() => ValueTask.CompletedTask;
}
