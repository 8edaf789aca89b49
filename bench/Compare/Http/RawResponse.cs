namespace SandQueue.Bench.Compare.Http;

/// <summary>Where a response lies among the bytes received.</summary>
/// <param name="Status">Its status code.</param>
/// <param name="BodyStart">Where its body begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="IsChunked">Whether the body stands there in chunks, each with its size.</param>
internal readonly record struct RawResponse(int Status, int BodyStart, int End, bool IsChunked);
