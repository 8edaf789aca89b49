namespace SandQueue.Transport.Tests;

/// <summary>The processes of a transport's tests. A transport joins the contract suite by deriving from this.</summary>
public abstract class TransportFixture : IAsyncLifetime
{
    private string? _missing;

    /// <summary>Two that reach each other; the same one twice where a transport never leaves its process.</summary>
    public BusProcess First { get; private set; } = null!;

    public BusProcess Second { get; private set; } = null!;

    public Inbox Inbox { get; } = new();

    /// <summary>Whether a send to a process's own queue fails once that process is gone.</summary>
    public abstract bool NoticesGoneQueues { get; }

    public async ValueTask InitializeAsync()
    {
        _missing = await MissingAsync();
        if (_missing is null) (First, Second) = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_missing is not null) return;
        await First.DisposeAsync();
        if (Second != First) await Second.DisposeAsync();
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Skips the running test where this machine has no such transport.</summary>
    public TransportFixture OrSkip()
    {
        Assert.SkipWhen(_missing is not null, _missing ?? "");
        return this;
    }

    /// <summary>Why this machine has no such transport; null where it has.</summary>
    protected virtual Task<string?> MissingAsync() => Task.FromResult<string?>(null);

    protected abstract Task<(BusProcess First, BusProcess Second)> StartAsync();

    protected virtual ValueTask StopAsync() => ValueTask.CompletedTask;
}
