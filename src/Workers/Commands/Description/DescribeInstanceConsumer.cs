using MassTransit;
using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;

namespace SandQueue.Workers.Commands.Description;

/// <summary>Takes get_info off the queue for their instances' owners.</summary>
internal sealed class DescribeInstanceConsumer(CommandIntake intake, DescribeExecution execution) : IConsumer<Envelope<DescribeInstance>>
{
    public Task Consume(ConsumeContext<Envelope<DescribeInstance>> context)
    {
        intake.Accept(context.Message.Commands, execution, context.ResponseAddress);
        return Task.CompletedTask;
    }
}
