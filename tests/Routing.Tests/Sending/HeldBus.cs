using System.Threading.Channels;
using MassTransit;
using NSubstitute;
using SandQueue.Contracts;

namespace SandQueue.Routing.Tests.Sending;

/// <summary>A bus that shows what is sent, and takes it or fails when the test says so.</summary>
internal sealed class HeldBus
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Channel<(string Queue, object Message)> _sent = Channel.CreateUnbounded<(string, object)>();
    private readonly Channel<Exception?> _ends = Channel.CreateUnbounded<Exception?>();

    public HeldBus()
    {
        Bus = Substitute.For<IBus>();
        Bus.GetSendEndpoint(Arg.Any<Uri>()).Returns(call => Task.FromResult(Endpoint(call.Arg<Uri>())));
    }

    public IBus Bus { get; }

    /// <summary>The next message that is sent, and where to.</summary>
    public Task<(string Queue, object Message)> NextAsync() => _sent.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    public void Take() => _ends.Writer.TryWrite(null);

    public void Fail(Exception failure) => _ends.Writer.TryWrite(failure);

    private ISendEndpoint Endpoint(Uri address)
    {
        var endpoint = Substitute.For<ISendEndpoint>();
        Catch<Envelope<ReleaseInstance>>(endpoint, address);
        Catch<CreateInstance>(endpoint, address);
        return endpoint;
    }

    private void Catch<T>(ISendEndpoint endpoint, Uri address)
        where T : class =>
        endpoint.Send(Arg.Any<T>(), Arg.Any<IPipe<SendContext<T>>>(), Arg.Any<CancellationToken>()).Returns(async call =>
        {
            _sent.Writer.TryWrite((address.AbsolutePath, call.ArgAt<T>(0)));
            if (await _ends.Reader.ReadAsync() is { } failure) throw failure;
        });
}
