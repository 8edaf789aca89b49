using System.Reflection;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace SandQueue.Client.Tests.Amqp;

/// <summary>A broker's channel that is open, on which every message is what a test makes of it.</summary>
public class FakeChannel : DispatchProxy
{
    private readonly List<TaskCompletionSource> _published = [];
    private AsyncEventHandler<ShutdownEventArgs>? _closed;

    /// <summary>The messages, by what completes their confirmation.</summary>
    public IReadOnlyList<TaskCompletionSource> Published => _published;

    public static (IChannel Channel, FakeChannel Fake) New()
    {
        var channel = Create<IChannel, FakeChannel>();
        return (channel, (FakeChannel)channel);
    }

    public Task CloseAsync(ShutdownEventArgs reason) => _closed!(this, reason);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case "get_IsOpen":
                return true;
            case "add_ChannelShutdownAsync":
                _closed += (AsyncEventHandler<ShutdownEventArgs>)args![0]!;
                return null;
            case "BasicPublishAsync":
                _published.Add(new TaskCompletionSource());
                return new ValueTask(_published[^1].Task);
            default:
                throw new NotSupportedException(targetMethod.Name);
        }
    }
}
