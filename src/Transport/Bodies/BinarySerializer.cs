using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace SandQueue.Transport.Bodies;

/// <summary>Writes and reads the messages of the contracts for MassTransit. Its other messages stay JSON, and are told apart by their content type.</summary>
internal sealed class BinarySerializer : ISerializerFactory, IMessageSerializer, IMessageDeserializer
{
    public static readonly BinarySerializer Instance = new();

    private BinarySerializer()
    {
    }

    public ContentType ContentType => BinaryBody.ContentType;

    /// <summary>Has a message travel in binary form where it is one of the contracts.</summary>
    public static void Use<T>(SendContext<T> context)
        where T : class
    {
        if (Kind<T>.Found is not null) context.Serializer = Instance;
    }

    IMessageSerializer ISerializerFactory.CreateSerializer() => this;

    IMessageDeserializer ISerializerFactory.CreateDeserializer() => this;

    MessageBody IMessageSerializer.GetMessageBody<T>(SendContext<T> context)
    {
        var kind = Kind<T>.Found ?? throw new InvalidOperationException($"{typeof(T)} has no binary form");
        return new BytesMessageBody(BinaryBody.Write(kind, context.Message, context.ResponseAddress));
    }

    ConsumeContext IMessageDeserializer.Deserialize(ReceiveContext receiveContext) =>
        new BodyConsumeContext(receiveContext, Deserialize(receiveContext.Body, receiveContext.TransportHeaders, receiveContext.InputAddress));

    SerializerContext IMessageDeserializer.Deserialize(MessageBody body, Headers headers, Uri? destinationAddress) => Deserialize(body, headers, destinationAddress);

    MessageBody IMessageDeserializer.GetMessageBody(string text) => new Base64MessageBody(text);

    void IProbeSite.Probe(ProbeContext context) => context.CreateScope("binary").Add("contentType", ContentType.MediaType);

    private static BinaryContext Deserialize(MessageBody body, Headers headers, Uri? destination)
    {
        var (kind, replyTo, message) = BinaryBody.Read(body.GetBytes());
        return new BinaryContext(kind, message, new BinaryMessageContext(headers, replyTo, destination));
    }

    /// <summary>Looked up once for each type.</summary>
    private static class Kind<T>
    {
        public static readonly MessageKind? Found = MessageKind.Find(typeof(T));
    }
}
