using System.Text;

namespace SandQueue.Bench.Compare.Http;

/// <summary>A request as the bytes that are sent.</summary>
internal static class RequestBytes
{
    public static byte[] Post(string path, string body) =>
        Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
