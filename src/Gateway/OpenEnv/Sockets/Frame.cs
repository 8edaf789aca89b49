using System.Net.WebSockets;

namespace SandQueue.Gateway.OpenEnv.Sockets;

/// <summary>What came over a connection.</summary>
/// <param name="Bytes">A whole request; null where none came.</param>
/// <param name="Problem">What is wrong with what came; null where nothing is.</param>
/// <param name="Close">Why the connection has to end; null where it goes on.</param>
internal readonly record struct Frame(byte[]? Bytes, string? Problem = null, WebSocketCloseStatus? Close = null);
