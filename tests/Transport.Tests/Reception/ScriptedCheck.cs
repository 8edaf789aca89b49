using MassTransit;
using SandQueue.Transport.Reception;

namespace SandQueue.Transport.Tests.Reception;

/// <summary>Says of a queue what a test wants to hear.</summary>
internal sealed class ScriptedCheck : IReceptionCheck
{
    private int _asked;

    /// <summary>What it says next, until it is told otherwise.</summary>
    public bool? Receives { get; set; } = true;

    /// <summary>What it fails with instead.</summary>
    public Exception? Failure { get; set; }

    public int Asked => Volatile.Read(ref _asked);

    public void Attach(IReceiveEndpointConfigurator endpoint)
    {
    }

    public Task<bool?> ReceivesAsync(CancellationToken cancellationToken)
    {
        var said = Receives;
        Interlocked.Increment(ref _asked);
        return Failure is { } failure ? Task.FromException<bool?>(failure) : Task.FromResult(said);
    }
}
