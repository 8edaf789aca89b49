using MassTransit;
using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;

namespace SandQueue.Workers.Commands.Stepping;

/// <summary>Takes steps off the queue for their instances' owners.</summary>
internal sealed class StepInstanceConsumer(CommandIntake intake, StepExecution execution) : IConsumer<Envelope<StepInstance>>
{
    public Task Consume(ConsumeContext<Envelope<StepInstance>> context)
    {
        intake.Accept(context.Message.Commands, execution, context.ResponseAddress);
        return Task.CompletedTask;
    }
}
