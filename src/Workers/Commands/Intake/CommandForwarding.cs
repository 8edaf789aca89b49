using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Transport.Sending;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>Sends commands on to other workers, with the time they have left.</summary>
internal sealed class CommandForwarding(IMessageSender messages)
{
    private const int MaxForwards = 2;

    /// <summary>Whether a command may be forwarded once more.</summary>
    public static bool Allows(InstanceCommand command) => command.Forwards < MaxForwards;

    /// <summary>To the worker that owns its instance.</summary>
    public Task ToWorkerAsync<TCommand>(TCommand command, string worker, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
        where TCommand : InstanceCommand =>
        messages.SendOwnAsync(QueueNames.Worker(worker), Forwarded(command, clock.Left), replyTo, cancellationToken);

    /// <summary>To whichever worker takes it from the shared entry of its environment.</summary>
    public Task ToEntryAsync<TCommand>(TCommand command, string environment, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
        where TCommand : InstanceCommand =>
        messages.SendSharedAsync(QueueNames.Entry(environment), Forwarded(command, clock.Left), replyTo, clock.Left, cancellationToken);

    /// <summary>A Create that this worker has no capacity for goes back to the queue it shares with others.</summary>
    public Task ReturnAsync(CreateInstance create, Uri? replyTo, CommandClock clock, CancellationToken cancellationToken)
    {
        var left = clock.Left;
        return left <= TimeSpan.Zero
            ? Task.CompletedTask
            : messages.SendSharedAsync(QueueNames.Create(create.EnvType), create with { RemainingMs = (int)left.TotalMilliseconds + 1 }, replyTo, left, cancellationToken);
    }

    /// <summary>Counts the forward, so that no command can circle.</summary>
    private static Envelope<TCommand> Forwarded<TCommand>(TCommand command, TimeSpan left)
        where TCommand : InstanceCommand =>
        new() { Commands = [command with { Forwards = command.Forwards + 1, RemainingMs = (int)Math.Clamp(left.TotalMilliseconds, 1, int.MaxValue) }] };
}
