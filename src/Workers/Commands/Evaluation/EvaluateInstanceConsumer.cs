using SandQueue.Contracts;
using SandQueue.Transport.Receiving;
using SandQueue.Workers.Commands.Intake;

namespace SandQueue.Workers.Commands.Evaluation;

/// <summary>Takes evaluations off the queue for their instances' owners.</summary>
internal sealed class EvaluateInstanceConsumer(CommandIntake intake, EvaluateExecution execution) : IReceiver<Envelope<EvaluateInstance>>
{
    public Task ReceiveAsync(Envelope<EvaluateInstance> message, Uri? replyTo, CancellationToken cancellationToken)
    {
        intake.Accept(message.Commands, execution, replyTo);
        return Task.CompletedTask;
    }
}
