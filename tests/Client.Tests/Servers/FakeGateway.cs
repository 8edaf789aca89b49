using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SandQueue.Client.Tests.Servers;

/// <summary>A request as <see cref="FakeGateway"/> gets it.</summary>
/// <param name="Line">Method and address, as <c>POST /v1/instances?timeout=9</c>.</param>
/// <param name="Key">The header <c>Idempotency-Key</c>.</param>
/// <param name="Body">The body.</param>
/// <param name="Gone">Completes when the caller has hung up.</param>
internal sealed record FakeRequest(string Line, string? Key, string Body, Task Gone);

/// <summary>Speaks just enough HTTP to answer what a test wants, or nothing at all. One request a connection.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _over = new();
    private readonly Func<FakeRequest, int, Task<string?>> _answer;
    private readonly Task _accepting;
    private readonly List<FakeRequest> _requests = [];

    /// <param name="answer">Given a request and its number, from 1: the answer, as <see cref="Answer"/> makes it, or null to close the connection.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    public FakeGateway(Func<FakeRequest, int, Task<string?>> answer, int port = 0)
    {
        _answer = answer;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public IReadOnlyList<FakeRequest> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    public static FakeGateway Answering(params string?[] answers) => new((_, number) => Task.FromResult(answers[Math.Min(number, answers.Length) - 1]));

    /// <summary>An answer with a body and a header of its own.</summary>
    public static string Answer(int status, string body, string? header = null, string type = "application/json") =>
        $"HTTP/1.1 {status} Any\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{(header is null ? "" : $"{header}\r\n")}\r\n{body}";

    /// <summary>A step that completed, alone.</summary>
    public static string Step(string id) => Answer(200, Completed(id));

    /// <summary>A step that completed, as a result has it.</summary>
    public static string Completed(string id, string instance = "i") =>
        $$"""{"command_id":"{{id}}","instance_id":"{{instance}}","end":"completed","answer":""" + """{"state":[{"role":"user","content":"seen"}],"reward":0.5,"is_terminated":false,"info":{"step":1}}}""";

    public static string Problem(int status, string code, string members = "", string? header = null) =>
        Answer(status, $$"""{"type":"about:blank","title":"","status":{{status}},"code":"{{code}}","detail":"told so"{{members}}}""", header, "application/problem+json");

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync(_over.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                var (head, body) = await ReadAsync(socket);
                var gone = socket.ReceiveAsync(new byte[1], _over.Token).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
                var request = new FakeRequest(head[0][..head[0].LastIndexOf(' ')], Header(head, "Idempotency-Key"), body, gone);
                int number;
                lock (_requests)
                {
                    _requests.Add(request);
                    number = _requests.Count;
                }

                if (await _answer(request, number) is { } answer) await socket.SendAsync(Encoding.UTF8.GetBytes(answer), _over.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The caller, or the test, has gone.
            }
        }
    }

    private async Task<(string[] Head, string Body)> ReadAsync(Socket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, _over.Token);
            if (read == 0) throw new SocketException((int)SocketError.ConnectionReset);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            if (text.ToString().Split("\r\n\r\n", 2) is not [var head, var body]) continue;
            var lines = head.Split("\r\n");
            if (Encoding.UTF8.GetByteCount(body) >= int.Parse(Header(lines, "Content-Length") ?? "0", System.Globalization.CultureInfo.InvariantCulture)) return (lines, body);
        }
    }

    private static string? Header(string[] head, string name) =>
        head.FirstOrDefault(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase)) is { } line ? line[(name.Length + 2)..] : null;
}
