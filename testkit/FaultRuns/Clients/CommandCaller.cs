using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace SandQueue.FaultRuns.Clients;

/// <summary>Asks until it is told an end: each gateway in turn, with pauses, the same bytes under the same id.</summary>
internal sealed class CommandCaller(Func<IReadOnlyList<Uri>> gateways, TimeSpan limit) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 512, ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromSeconds(30) })
    {
        // Below the gateway's own limit: some tries are given up while the command runs.
        Timeout = TimeSpan.FromSeconds(12),
    };

    /// <summary>Answers of a kind no gateway should give: errors without an end that are no 503 and no 504.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Odd { get; } = new();

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a command until it has an end, which it is marked with.</summary>
    public async Task AskAsync(SentCommand command, int first, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        command.StartedAt = started;
        while (Stopwatch.GetElapsedTime(started) < limit)
        {
            var answer = await TryAsync(command, first + command.Tries++, cancellationToken);
            if (answer is { } received)
            {
                (command.Status, command.Answer) = received;
                command.Told = End(received.Status, received.Body);
                if (command.Told != ToldEnd.Nothing) break;
            }

            await Task.Delay(Pause, cancellationToken);
        }

        command.Milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>Sends a command once.</summary>
    /// <returns>Null where no answer came.</returns>
    public async Task<(int Status, byte[] Body)?> TryAsync(SentCommand command, int attempt, CancellationToken cancellationToken)
    {
        var addresses = gateways();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(addresses[attempt % addresses.Count], Path(command.Kind)));
        request.Content = new ByteArrayContent(command.Body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (command.HasHeader) request.Headers.Add("Idempotency-Key", command.Key);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or System.Net.Sockets.SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Sends a command, and hangs up after a while.</summary>
    public async Task HangUpAsync(SentCommand command, int attempt, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(patience);
        try
        {
            await TryAsync(command, attempt, over.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // As meant.
        }
    }

    private ToldEnd End(int status, byte[] body)
    {
        if (status == 200) return ToldEnd.Completed;
        var (end, detail) = Read(body);
        switch (end)
        {
            case "expired": return ToldEnd.Expired;
            case "cancelled": return ToldEnd.Cancelled;
            case "failed": return ToldEnd.Failed;
        }

        switch (status)
        {
            // What says that it is unknown, or that nobody is there yet, is no end.
            case 503 when !detail.StartsWith("no capacity", StringComparison.Ordinal):
            case 504:
                return ToldEnd.Nothing;
            case >= 500 and not 503:
                Odd.Enqueue($"{status}: {detail}");
                return ToldEnd.Nothing;
            default:
                return ToldEnd.Rejected;
        }
    }

    private static (string? End, string Detail) Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            return (
                root.TryGetProperty("end", out var end) ? end.GetString() : null,
                root.TryGetProperty("detail", out var detail) ? detail.GetString() ?? "" : "");
        }
        catch (JsonException)
        {
            return (null, System.Text.Encoding.UTF8.GetString(body));
        }
    }

    private static string Path(CommandKind kind) => kind switch
    {
        CommandKind.Create => "create",
        CommandKind.Step => "step",
        CommandKind.Evaluate => "evaluate",
        _ => "release",
    };
}
