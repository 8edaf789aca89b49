using MassTransit;
using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;

namespace SandQueue.Workers.Commands.Release;

/// <summary>Takes releases off the queue for their instances' owners.</summary>
internal sealed class ReleaseInstanceConsumer(CommandIntake intake, ReleaseExecution execution) : IConsumer<Envelope<ReleaseInstance>>
{
    public Task Consume(ConsumeContext<Envelope<ReleaseInstance>> context)
    {
        intake.Accept(context.Message.Commands, execution, context.ResponseAddress);
        return Task.CompletedTask;
    }
}
