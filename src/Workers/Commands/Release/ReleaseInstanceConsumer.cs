using SandQueue.Contracts;
using SandQueue.Transport.Receiving;
using SandQueue.Workers.Commands.Intake;

namespace SandQueue.Workers.Commands.Release;

/// <summary>Takes releases off the queue for their instances' owners.</summary>
internal sealed class ReleaseInstanceConsumer(CommandIntake intake, ReleaseExecution execution) : IReceiver<Envelope<ReleaseInstance>>
{
    public Task ReceiveAsync(Envelope<ReleaseInstance> message, Uri? replyTo, CancellationToken cancellationToken)
    {
        intake.Accept(message.Commands, execution, replyTo);
        return Task.CompletedTask;
    }
}
