using SandQueue.Contracts;
using SandQueue.Transport.Receiving;
using SandQueue.Workers.Commands.Intake;

namespace SandQueue.Workers.Commands.Solution;

/// <summary>Takes questions for solutions off the queue for their instances' owners.</summary>
internal sealed class SolveInstanceConsumer(CommandIntake intake, SolveExecution execution) : IReceiver<Envelope<SolveInstance>>
{
    public Task ReceiveAsync(Envelope<SolveInstance> message, Uri? replyTo, CancellationToken cancellationToken)
    {
        intake.Accept(message.Commands, execution, replyTo);
        return Task.CompletedTask;
    }
}
