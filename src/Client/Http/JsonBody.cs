using System.Net;
using System.Net.Http.Headers;

namespace SandQueue.Client.Http;

/// <summary>A request's body, which knows whether it was sent: a gateway takes no command before it has all of it.</summary>
internal sealed class JsonBody : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;
    private volatile bool _isSent;

    public JsonBody(ReadOnlyMemory<byte> body)
    {
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>Some of it may have been sent. False while there is no connection, or no more than the request's head is on its way.</summary>
    public bool IsSent => _isSent;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _isSent = true;
        return stream.WriteAsync(_body, cancellationToken).AsTask();
    }

    /// <summary>For handlers that read it without waiting, as <c>ReadAsStream</c> does.</summary>
    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _isSent = true;
        stream.Write(_body.Span);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
