using MassTransit;
using SandQueue.Contracts;
using SandQueue.Transport.Receiving;

namespace SandQueue.Workers.Commands.Creation;

/// <summary>
/// Takes Creates: from the environment's shared queue alone, or in an envelope where a sender gave them to this worker, or another worker forwarded one that
/// names an instance which lives here. The shared queue's message is held until its Create has ended, so that it gives a
/// worker no more than it works on; what came in an envelope holds nothing up.
/// </summary>
internal sealed class CreateInstanceConsumer(InstanceCreation creation, DirectCreates direct) : IConsumer<CreateInstance>, IReceiver<Envelope<CreateInstance>>
{
    public Task Consume(ConsumeContext<CreateInstance> context) => creation.CreateAsync(context.Message, context.ResponseAddress).WaitAsync(context.CancellationToken);

    public Task ReceiveAsync(Envelope<CreateInstance> message, Uri? replyTo, CancellationToken cancellationToken)
    {
        foreach (var command in message.Commands) _ = direct.TakeAsync(command, replyTo);
        return Task.CompletedTask;
    }
}
