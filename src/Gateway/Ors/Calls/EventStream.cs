using System.Text;

namespace SandQueue.Gateway.Ors.Calls;

/// <summary>Answers a request with server-sent events. While nothing is there to tell it sends comments, for clients take silence for a broken connection.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly HttpResponse _response;
    private readonly TimeProvider _time;
    private readonly CancellationToken _aborted;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _ended;
    private readonly Task _beating;

    private EventStream(HttpContext context, TimeProvider time)
    {
        (_response, _time, _aborted) = (context.Response, time, context.RequestAborted);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(_aborted);
        _beating = BeatAsync();
    }

    /// <summary>Begins the answer.</summary>
    public static EventStream Begin(HttpContext context, TimeProvider time)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";

        // Proxies would keep events until there are enough of them.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return new EventStream(context, time);
    }

    /// <summary>Sends an event.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="data">ASCII without line ends.</param>
    public Task SendAsync(string name, string data) => WriteAsync($"event: {name}\ndata: {data}\n\n");

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _beating;
        _ended.Dispose();
        _writing.Dispose();
    }

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Heartbeat, _time, _ended.Token);
                await WriteAsync(": still there\n\n");
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The stream has ended, or its client is gone, which whoever sends the next event learns.
        }
    }

    private async Task WriteAsync(string text)
    {
        await _writing.WaitAsync(_aborted);
        try
        {
            await _response.Body.WriteAsync(Encoding.ASCII.GetBytes(text), _aborted);
            await _response.Body.FlushAsync(_aborted);
        }
        finally
        {
            _writing.Release();
        }
    }
}
