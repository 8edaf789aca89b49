using MassTransit;
using SandQueue.Contracts;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// Returns a Create to its shared queue that this worker cannot execute now, because its database fails it or its lease is not live. A
/// Create waits once and is not sent again by its sender, so that what a worker dropped would be lost until its caller's time is over.
/// </summary>
internal sealed class CreateReturn(CommandForwarding forwarding, TimeProvider time)
{
    /// <summary>How long a Create is held first: a worker that returned at once would empty the queue, over and over.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(1);

    /// <summary>Holds it first. Completes when the queue has it again, or its time is over.</summary>
    public Task ReturnAsync(CreateInstance command, Uri? replyTo, CommandClock clock) => ReturnAsync(command, replyTo, clock, Hold);

    /// <summary>The same of one that this worker was given though it has others to make: nothing is wrong here, and no hold is needed.</summary>
    public Task PassOnAsync(CreateInstance command, Uri? replyTo, CommandClock clock) => ReturnAsync(command, replyTo, clock, TimeSpan.Zero);

    private async Task ReturnAsync(CreateInstance command, Uri? replyTo, CommandClock clock, TimeSpan hold)
    {
        for (; clock.Left > TimeSpan.Zero; hold = Hold)
        {
            using var limit = new CancellationTokenSource(clock.Left, time);
            try
            {
                if (hold > TimeSpan.Zero) await Task.Delay(hold, time, limit.Token);
                await forwarding.ReturnAsync(command, replyTo, clock, limit.Token);
                return;
            }
            catch (Exception exception) when (exception is MassTransitException or TimeoutException or OperationCanceledException)
            {
                // The broker is away too; it may be back before the Create's time is over.
            }
        }
    }
}
