using MassTransit;
using SandQueue.Contracts;

namespace SandQueue.Workers.Commands.Creation;

/// <summary>
/// Takes Creates: from the environment's shared queue alone, or in an envelope where another worker forwarded one that
/// names an instance which lives here. The message is held until its Create has ended, so that a queue gives a worker
/// no more than it works on.
/// </summary>
internal sealed class CreateInstanceConsumer(InstanceCreation creation) : IConsumer<CreateInstance>, IConsumer<Envelope<CreateInstance>>
{
    public Task Consume(ConsumeContext<CreateInstance> context) => creation.CreateAsync(context.Message, context.ResponseAddress);

    public Task Consume(ConsumeContext<Envelope<CreateInstance>> context) =>
        Task.WhenAll(context.Message.Commands.Select(command => creation.CreateAsync(command, context.ResponseAddress)));
}
