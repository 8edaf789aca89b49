using System.Threading.Channels;
using MassTransit;
using SandQueue.Contracts;

namespace SandQueue.Transport.Tests;

/// <summary>Takes messages of the contracts, which travel in another form than those of the tests.</summary>
public sealed class StepConsumer : IConsumer<Envelope<StepInstance>>
{
    private readonly Channel<Envelope<StepInstance>> _came = Channel.CreateUnbounded<Envelope<StepInstance>>();

    public ChannelReader<Envelope<StepInstance>> Came => _came.Reader;

    public Task Consume(ConsumeContext<Envelope<StepInstance>> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _came.Writer.TryWrite(context.Message);
        return Task.CompletedTask;
    }
}
