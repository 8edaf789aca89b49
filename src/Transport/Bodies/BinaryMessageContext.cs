using MassTransit;
using MassTransit.Metadata;

namespace SandQueue.Transport.Bodies;

/// <summary>What MassTransit may ask of a message besides what is in it: of ours, where the answer goes.</summary>
internal sealed class BinaryMessageContext(Headers headers, Uri? replyTo, Uri? destination) : MessageContext
{
    public Guid? MessageId => null;

    public Guid? RequestId => null;

    public Guid? CorrelationId => null;

    public Guid? ConversationId => null;

    public Guid? InitiatorId => null;

    public DateTime? ExpirationTime => null;

    public Uri? SourceAddress => null;

    public Uri? DestinationAddress => destination;

    public Uri? ResponseAddress => replyTo;

    public Uri? FaultAddress => null;

    public DateTime? SentTime => null;

    public Headers Headers => headers;

    public HostInfo Host => HostMetadataCache.Empty;
}
