using SandQueue.Contracts;
using SandQueue.Transport.Receiving;
using SandQueue.Workers.Commands.Intake;

namespace SandQueue.Workers.Commands.Description;

/// <summary>Takes get_info off the queue for their instances' owners.</summary>
internal sealed class DescribeInstanceConsumer(CommandIntake intake, DescribeExecution execution) : IReceiver<Envelope<DescribeInstance>>
{
    public Task ReceiveAsync(Envelope<DescribeInstance> message, Uri? replyTo, CancellationToken cancellationToken)
    {
        intake.Accept(message.Commands, execution, replyTo);
        return Task.CompletedTask;
    }
}
