using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Creation;

/// <summary>
/// Creates that a sender gave to this worker because it had room, past the queue that all workers share. No queue holds them back, so they are counted: what comes while
/// as many are made goes to the shared queue, where any worker takes it as it has time.
/// </summary>
internal sealed class DirectCreates(InstanceCreation creation, OwnedInstances owned, CreateReturn returns, TimeProvider time)
{
    /// <summary>As many as a worker takes from the shared queue of one environment.</summary>
    internal const int AtOnce = 32;

    private int _running;

    /// <summary>How many are made now.</summary>
    internal int Running => Volatile.Read(ref _running);

    /// <summary>Completes when the Create was answered, or is in the shared queue.</summary>
    public async Task TakeAsync(CreateInstance command, Uri? replyTo)
    {
        // What another worker forwarded, and what is asked again, is for an instance that is here already.
        if (command.Forwards > 0 || owned.TryGet(command.Tenant, command.InstanceId, out _))
        {
            await creation.CreateAsync(command, replyTo);
            return;
        }

        if (Interlocked.Increment(ref _running) > AtOnce)
        {
            Interlocked.Decrement(ref _running);
            await returns.PassOnAsync(command, replyTo, new CommandClock(command, time));
            return;
        }

        try
        {
            await creation.CreateAsync(command, replyTo);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
