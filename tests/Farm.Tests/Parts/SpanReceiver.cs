using System.Collections.Concurrent;
using System.Net;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests.Parts;

/// <summary>A span as a program has exported it.</summary>
/// <param name="Trace">Its trace, in hex.</param>
/// <param name="Id">Its own id, in hex.</param>
/// <param name="Parent">Its parent's, in hex; empty where it is the first.</param>
/// <param name="Name">What it is called.</param>
internal sealed record ExportedSpan(string Trace, string Id, string Parent, string Name);

/// <summary>Receives what programs export over OTLP by HTTP, and keeps the spans. The fields' numbers are those of the published protocol.</summary>
internal sealed class SpanReceiver : IAsyncDisposable
{
    private const int ResourceSpans = 1, ScopeSpans = 2, Spans = 2, TraceId = 1, SpanId = 2, ParentId = 4, SpanName = 5;

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<ExportedSpan> _spans = new();
    private readonly Task _receiving;

    public SpanReceiver()
    {
        Endpoint = $"http://127.0.0.1:{FreePort.Take()}/";
        _listener.Prefixes.Add(Endpoint);
        _listener.Start();
        _receiving = ReceiveAsync();
    }

    /// <summary>What <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set to.</summary>
    public string Endpoint { get; }

    /// <summary>The spans so far.</summary>
    public IReadOnlyCollection<ExportedSpan> Received => _spans;

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _receiving;
    }

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var request = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await request.Request.InputStream.CopyToAsync(body);
                if (request.Request.Url!.AbsolutePath.EndsWith("/v1/traces", StringComparison.Ordinal)) Keep(body.ToArray());
                request.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }

    private void Keep(byte[] body)
    {
        foreach (var span in Below(body, ResourceSpans).SelectMany(part => Below(part, ScopeSpans)).SelectMany(part => Below(part, Spans)))
        {
            _spans.Enqueue(new ExportedSpan(Hex(span, TraceId), Hex(span, SpanId), Hex(span, ParentId), System.Text.Encoding.UTF8.GetString(Below(span, SpanName).FirstOrDefault(Array.Empty<byte>()))));
        }
    }

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Below(message, field).FirstOrDefault(Array.Empty<byte>()));

    /// <summary>The parts of a message of protocol buffers that have a field's number and a length.</summary>
    private static IEnumerable<byte[]> Below(byte[] message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Number(message, ref at);
            switch (key & 7)
            {
                case 0:
                    Number(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Number(message, ref at);
                    if (key >> 3 == (ulong)field) yield return message[at..(at + length)];
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidOperationException($"a message of protocol buffers has no type {key & 7}");
            }
        }
    }

    private static ulong Number(byte[] message, ref int at)
    {
        var (number, shift) = (0UL, 0);
        for (byte part = 0x80; (part & 0x80) != 0; shift += 7)
        {
            part = message[at++];
            number |= (ulong)(part & 0x7f) << shift;
        }

        return number;
    }
}
