using System.Diagnostics.CodeAnalysis;
using MassTransit;
using MassTransit.Serialization;

namespace SandQueue.Transport.Bodies;

/// <summary>A message that was read. Whatever MassTransit makes of it, a fault for example, is written as JSON.</summary>
internal sealed class BinaryContext(MessageKind kind, object message, MessageContext context) : BaseSerializerContext(SystemTextJsonMessageSerializer.Instance, context, kind.Names)
{
    public override bool TryGetMessage<T>([NotNullWhen(true)] out T? found)
        where T : class => (found = message as T) is not null;

    public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? found) => (found = messageType.IsInstanceOfType(message) ? message : null) is not null;

    public override IMessageSerializer GetMessageSerializer() => SystemTextJsonMessageSerializer.Instance;

    public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) => SystemTextJsonMessageSerializer.Instance;

    public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => SystemTextJsonMessageSerializer.Instance;

    public override Dictionary<string, object> ToDictionary<T>(T? message)
        where T : class => [];
}
