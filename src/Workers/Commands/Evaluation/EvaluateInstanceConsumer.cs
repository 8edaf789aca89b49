using MassTransit;
using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;

namespace SandQueue.Workers.Commands.Evaluation;

/// <summary>Takes evaluations off the queue for their instances' owners.</summary>
internal sealed class EvaluateInstanceConsumer(CommandIntake intake, EvaluateExecution execution) : IConsumer<Envelope<EvaluateInstance>>
{
    public Task Consume(ConsumeContext<Envelope<EvaluateInstance>> context)
    {
        intake.Accept(context.Message.Commands, execution, context.ResponseAddress);
        return Task.CompletedTask;
    }
}
