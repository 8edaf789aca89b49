namespace SandQueue.Frames;

/// <summary>
/// One call or one answer: <c>length (4 bytes, of all that follows), call (4), code (2), body</c>, numbers in little endian. A long body travels in parts,
/// each a frame of its own, so that short ones pass it; all but the last have <see cref="MoreFollows"/> in their code.
/// </summary>
/// <param name="Call">The call's number, made by who calls; its answer has the same.</param>
/// <param name="Code">Of a call, a <see cref="Verb"/>; of an answer, the status that it has over HTTP too.</param>
/// <param name="Body">JSON in UTF-8: of a call what its request over HTTP holds, of an answer with 200 its <c>data</c>, of another <c>{"detail":…}</c>.</param>
public readonly record struct Frame(uint Call, ushort Code, ReadOnlyMemory<byte> Body)
{
    /// <summary>In the code of a part after which more of the same body comes.</summary>
    public const ushort MoreFollows = 0x8000;

    /// <summary>Bytes of the longest part that is written; a body up to here travels whole.</summary>
    internal const int PartBytes = 64 * 1024;

    /// <summary>Bytes of the length itself.</summary>
    internal const int LengthBytes = 4;

    /// <summary>Bytes between the length and the body.</summary>
    internal const int HeadBytes = 6;

    /// <summary>Whether more of the same body comes.</summary>
    internal bool IsPart => (Code & MoreFollows) != 0;
}
