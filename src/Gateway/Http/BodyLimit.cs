namespace SandQueue.Gateway.Http;

/// <summary>What a call's body may be.</summary>
/// <param name="Bytes">The most bytes it may have.</param>
/// <param name="Time">The time in which all of it has to come, however slowly it is sent.</param>
internal sealed record BodyLimit(long Bytes, TimeSpan Time);
