using SandQueue.Contracts;
using SandQueue.Transport.Receiving;
using SandQueue.Workers.Commands.Intake;

namespace SandQueue.Workers.Commands.Stepping;

/// <summary>Takes steps off the queue for their instances' owners.</summary>
internal sealed class StepInstanceConsumer(CommandIntake intake, StepExecution execution) : IReceiver<Envelope<StepInstance>>
{
    public Task ReceiveAsync(Envelope<StepInstance> message, Uri? replyTo, CancellationToken cancellationToken)
    {
        intake.Accept(message.Commands, execution, replyTo);
        return Task.CompletedTask;
    }
}
