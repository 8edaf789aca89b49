namespace SandQueue.Frames;

/// <summary>One call or one answer: <c>length (4 bytes, of all that follows), call (4), code (2), body</c>, numbers in little endian.</summary>
/// <param name="Call">The call's number, made by who calls; its answer has the same.</param>
/// <param name="Code">Of a call, a <see cref="Verb"/>; of an answer, the status that it has over HTTP too.</param>
/// <param name="Body">JSON in UTF-8: of a call what its request over HTTP holds, of an answer with 200 its <c>data</c>, of another <c>{"detail":…}</c>.</param>
public readonly record struct Frame(uint Call, ushort Code, ReadOnlyMemory<byte> Body)
{
    /// <summary>Bytes of the length itself.</summary>
    internal const int LengthBytes = 4;

    /// <summary>Bytes between the length and the body.</summary>
    internal const int HeadBytes = 6;
}
