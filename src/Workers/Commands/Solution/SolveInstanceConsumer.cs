using MassTransit;
using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;

namespace SandQueue.Workers.Commands.Solution;

/// <summary>Takes questions for solutions off the queue for their instances' owners.</summary>
internal sealed class SolveInstanceConsumer(CommandIntake intake, SolveExecution execution) : IConsumer<Envelope<SolveInstance>>
{
    public Task Consume(ConsumeContext<Envelope<SolveInstance>> context)
    {
        intake.Accept(context.Message.Commands, execution, context.ResponseAddress);
        return Task.CompletedTask;
    }
}
