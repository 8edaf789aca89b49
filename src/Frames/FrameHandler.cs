using System.Buffers;

namespace SandQueue.Frames;

/// <summary>Answers a call. Runs side by side with others, on the thread that read the call where it was alone.</summary>
/// <param name="verb">What is asked for; one that is not known is answered with <see cref="Status.UnknownVerb"/>.</param>
/// <param name="body">The request.</param>
/// <param name="answer">Gets the answer's body.</param>
/// <param name="cancellationToken">Ends when nobody waits for the answer any more.</param>
/// <returns>The answer's status. It throws nothing but bugs, for which the call is answered with <see cref="Status.Failed"/>.</returns>
public delegate ValueTask<ushort> FrameHandler(Verb verb, ReadOnlyMemory<byte> body, ArrayBufferWriter<byte> answer, CancellationToken cancellationToken);
