using MassTransit;
using SandQueue.Contracts;
using SandQueue.Transport.Receiving;

namespace SandQueue.Workers.Commands.Creation;

/// <summary>
/// Takes Creates: from the environment's shared queue alone, or in an envelope where another worker forwarded one that
/// names an instance which lives here. The shared queue's message is held until its Create has ended, so that it gives a
/// worker no more than it works on; what was forwarded waits in its instance's mailbox, and holds nothing up.
/// </summary>
internal sealed class CreateInstanceConsumer(InstanceCreation creation) : IConsumer<CreateInstance>, IReceiver<Envelope<CreateInstance>>
{
    public Task Consume(ConsumeContext<CreateInstance> context) => creation.CreateAsync(context.Message, context.ResponseAddress).WaitAsync(context.CancellationToken);

    public Task ReceiveAsync(Envelope<CreateInstance> message, Uri? replyTo, CancellationToken cancellationToken)
    {
        foreach (var command in message.Commands) _ = creation.CreateAsync(command, replyTo);
        return Task.CompletedTask;
    }
}
