namespace SandQueue.Gateway.Http;

/// <summary>The largest body that a call may have.</summary>
internal sealed record BodyLimit(long Bytes);
