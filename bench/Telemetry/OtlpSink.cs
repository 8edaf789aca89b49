using System.Net;
using SandQueue.Testing;

namespace SandQueue.Bench.Telemetry;

/// <summary>Takes what is exported over OTLP, and throws it away.</summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _receiving;

    public OtlpSink()
    {
        Endpoint = $"http://127.0.0.1:{FreePort.Take()}/";
        _listener.Prefixes.Add(Endpoint);
        _listener.Start();
        _receiving = ReceiveAsync();
    }

    public string Endpoint { get; }

    /// <summary>Bytes of spans so far.</summary>
    public long SpanBytes { get; private set; }

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
                if (request.Request.Url!.AbsolutePath.EndsWith("/v1/traces", StringComparison.Ordinal)) SpanBytes += body.Length;
                request.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // The run is over.
            }
        }
    }
}
