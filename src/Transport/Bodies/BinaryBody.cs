using System.Buffers;
using System.Buffers.Binary;
using System.Net.Mime;
using System.Runtime.Serialization;
using System.Text;
using MemoryPack;

namespace SandQueue.Transport.Bodies;

/// <summary>
/// A message as it travels: <c>version (1 byte), kind (1), length of the reply address (2, little endian), reply address in UTF-8, message</c>. The message is in
/// MemoryPack's form that tolerates versions: fields that a reader knows not are passed over, and payloads are bytes as they are, where JSON has base64.
/// </summary>
internal static class BinaryBody
{
    public static readonly ContentType ContentType = new("application/vnd.sandqueue.message");

    private const byte Version = 1;
    private const int HeadBytes = 4;

    /// <summary>A process sends a few messages at a time; what it needed for one serves the next.</summary>
    private const int KeptBytes = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _writer;

    public static byte[] Write<T>(MessageKind kind, T message, Uri? replyTo)
        where T : class
    {
        var writer = _writer ??= new ArrayBufferWriter<byte>(4096);
        try
        {
            var address = replyTo?.OriginalString ?? "";
            var length = Encoding.UTF8.GetByteCount(address);
            var head = writer.GetSpan(HeadBytes + length);
            (head[0], head[1]) = (Version, kind.Number);
            BinaryPrimitives.WriteUInt16LittleEndian(head[2..], checked((ushort)length));
            Encoding.UTF8.GetBytes(address, head[HeadBytes..]);
            writer.Advance(HeadBytes + length);
            MemoryPackSerializer.Serialize(writer, message);
            return writer.WrittenSpan.ToArray();
        }
        finally
        {
            if (writer.Capacity > KeptBytes) _writer = null;
            else writer.ResetWrittenCount();
        }
    }

    /// <exception cref="SerializationException">These bytes are no message that this version knows.</exception>
    public static (MessageKind Kind, Uri? ReplyTo, object Message) Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes || bytes[0] != Version) throw new SerializationException("a message came that is of another version of SandQueue, or none of SandQueue's");
        var kind = MessageKind.Find(bytes[1]) ?? throw new SerializationException($"a message of kind {bytes[1]} came, which this version knows not");
        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        if (length > bytes.Length - HeadBytes) throw new SerializationException("a message came that ends before its reply address does");
        var address = Encoding.UTF8.GetString(bytes.Slice(HeadBytes, length));
        Uri? replyTo = null;
        if (length > 0 && !Uri.TryCreate(address, UriKind.Absolute, out replyTo)) throw new SerializationException("a message came with a reply address that is none");
        try
        {
            return (kind, replyTo, kind.Read(bytes[(HeadBytes + length)..]) ?? throw new SerializationException($"a {kind.Type.Name} came that is null"));
        }
        catch (Exception exception) when (exception is MemoryPackSerializationException or ArgumentException or OverflowException)
        {
            throw new SerializationException($"a {kind.Type.Name} came that cannot be read: {exception.Message}", exception);
        }
    }
}
