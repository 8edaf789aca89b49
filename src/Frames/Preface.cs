using System.Buffers.Binary;

namespace SandQueue.Frames;

/// <summary>
/// What both sides send first. It begins with a byte that no HTTP request begins with, so one address serves both, and names the version of the format.
/// The caller's goes on with the largest body that it takes, four bytes, and ends as the head of an HTTP request does: a server that knows nothing else
/// answers that it is none, at once, instead of waiting for the rest.
/// </summary>
internal static class Preface
{
    /// <summary>The first byte of a connection that carries frames.</summary>
    public const byte First = 0;

    /// <summary>Bytes of the caller's.</summary>
    public const int CallerBytes = 16;

    public static ReadOnlySpan<byte> Name => "\0sqfrm/1"u8;

    private static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    public static byte[] OfCaller(int mostBytes)
    {
        var preface = new byte[CallerBytes];
        Name.CopyTo(preface);
        BinaryPrimitives.WriteInt32LittleEndian(preface.AsSpan(Name.Length), mostBytes);
        End.CopyTo(preface.AsSpan(CallerBytes - End.Length));
        return preface;
    }

    /// <returns>The largest body that the caller takes; null where this is no preface.</returns>
    public static int? Read(ReadOnlySpan<byte> preface) =>
        preface.StartsWith(Name) && preface.EndsWith(End) && BinaryPrimitives.ReadInt32LittleEndian(preface[Name.Length..]) is > 0 and var most ? most : null;
}
