using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Gateways;

/// <summary>Calls of REST v1. Every failure is a <see cref="CliException"/> with the exit code that it stands for.</summary>
internal sealed class RestApi : IDisposable
{
    public const string Json = "application/json";
    public const string JsonLines = "application/jsonl";

    /// <summary>What a large file may take to be sent and read.</summary>
    public static readonly TimeSpan TransferLimit = TimeSpan.FromHours(6);

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    /// <summary>What an answer may take to begin, above the longest wait that is asked for.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(130);

    /// <summary>What a stream may stay silent.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(15);

    private readonly HttpClient _http;
    private readonly GatewayAddress _gateway;

    public RestApi(GatewayAddress gateway)
    {
        _gateway = gateway;
        var text = gateway.Url.AbsoluteUri;
        // A redirect could lead a key elsewhere.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectLimit, AutomaticDecompression = DecompressionMethods.None, AllowAutoRedirect = false })
        {
            BaseAddress = text.EndsWith('/') ? gateway.Url : new Uri($"{text}/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (gateway.Key is { } key) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("sandqueue");
    }

    public GatewayAddress Gateway => _gateway;

    public void Dispose() => _http.Dispose();

    public Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, body: null, cancellationToken);

    public Task<JsonObject> PostAsync(string path, JsonNode? body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, Content(body), cancellationToken);

    /// <summary>Sends a request and reads its answer, an object; an empty one where the answer has no body.</summary>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken, TimeSpan? within = null)
    {
        var text = await TextAsync(method, path, body, cancellationToken, within);
        if (text.Length == 0) return [];

        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (JsonException exception)
        {
            throw new CliException(ExitCode.GatewayFailed, $"{_gateway} answered {method} /{PathOf(path)} with what is no JSON object; is it a gateway of SandQueue?", exception);
        }
    }

    /// <summary>Sends a request and reads its answer as text.</summary>
    public async Task<string> TextAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken, TimeSpan? within = null)
    {
        using var limit = Limit(within ?? AnswerLimit, cancellationToken);
        return await GuardedAsync(
            async () =>
            {
                using var response = await AnswerAsync(method, path, body, limit.Token);
                return await response.Content.ReadAsStringAsync(limit.Token);
            },
            cancellationToken);
    }

    /// <summary>The pages of a list, entry by entry.</summary>
    /// <param name="path">With its query, without a cursor.</param>
    /// <param name="member">The member that has the entries.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<JsonNode> PagesAsync(string path, string member, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? cursor = null; ;)
        {
            var page = await GetAsync(cursor is null ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={Uri.EscapeDataString(cursor)}", cancellationToken);
            foreach (var entry in page.List(member) ?? [])
                if (entry is not null) yield return entry;
            cursor = page.Text("next_cursor");
            if (cursor is null) yield break;
        }
    }

    /// <summary>The lines of an answer as they come; empty ones, which JSON lines have no use for, only where they are asked for.</summary>
    public async IAsyncEnumerable<string> LinesAsync(HttpMethod method, string path, HttpContent? body, [EnumeratorCancellation] CancellationToken cancellationToken, bool keepsEmpty = false)
    {
        using var limit = Limit(SilenceLimit, cancellationToken);
        using var response = await GuardedAsync(() => AnswerAsync(method, path, body, limit.Token), cancellationToken);
        using var reader = new StreamReader(await GuardedAsync(() => response.Content.ReadAsStreamAsync(limit.Token), cancellationToken));
        while (await GuardedAsync(async () => await reader.ReadLineAsync(limit.Token), cancellationToken) is { } line)
        {
            limit.CancelAfter(SilenceLimit);
            if (keepsEmpty || line.Length > 0) yield return line;
        }
    }

    /// <summary>Copies an answer's bytes. An answer that is cut off is an error.</summary>
    public async Task CopyAsync(string path, Stream target, CancellationToken cancellationToken)
    {
        using var limit = Limit(SilenceLimit, cancellationToken);
        using var response = await GuardedAsync(() => AnswerAsync(HttpMethod.Get, path, body: null, limit.Token), cancellationToken);
        await using var source = await GuardedAsync(() => response.Content.ReadAsStreamAsync(limit.Token), cancellationToken);
        var buffer = new byte[1 << 16];
        while (await GuardedAsync(async () => await source.ReadAsync(buffer, limit.Token), cancellationToken) is > 0 and var read)
        {
            limit.CancelAfter(SilenceLimit);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    public static HttpContent? Content(JsonNode? body) => body is null ? null : new StringContent(body.ToJsonString(), new MediaTypeHeaderValue(Json));

    private static CancellationTokenSource Limit(TimeSpan limit, CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(limit);
        return source;
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode) return response;

        using (response) throw Refused(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), method, PathOf(path));
    }

    private async Task<T> GuardedAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(ExitCode.Unreachable, $"the gateway at {_gateway} did not answer in time; 'sandqueue doctor' says what it lacks", exception);
        }
        catch (HttpRequestException exception)
        {
            throw new CliException(
                ExitCode.Unreachable, $"the gateway at {_gateway} cannot be reached ({exception.GetBaseException().Message.TrimEnd('.')}); start it, or name another by --url or {GatewayAddress.UrlVariable}", exception);
        }
        catch (IOException exception)
        {
            throw new CliException(ExitCode.Unreachable, $"the gateway at {_gateway} broke off its answer ({exception.GetBaseException().Message.TrimEnd('.')}); ask again", exception);
        }
    }

    private CliException Refused(HttpStatusCode status, string body, HttpMethod method, string path)
    {
        var detail = DetailOf(body) ?? string.Create(CultureInfo.InvariantCulture, $"the gateway at {_gateway} answered {(int)status} to /{path}");
        return status switch
        {
            HttpStatusCode.Unauthorized => new CliException(ExitCode.Refused, $"{detail}; give a key by --key-file, --key or {GatewayAddress.KeyVariable}"),
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.BadGateway => new CliException(ExitCode.Unreachable, detail),
            HttpStatusCode.NotFound when detail.StartsWith($"there is no {method} /", StringComparison.Ordinal) || DetailOf(body) is null =>
                new CliException(ExitCode.Refused, $"the gateway at {_gateway} does not know {method} /{path}; it may be older than this program") { IsUnknownRoute = true },
            >= HttpStatusCode.InternalServerError => new CliException(ExitCode.GatewayFailed, detail),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new CliException(ExitCode.Refused, $"{_gateway} sends to another address, which is not followed; give that by --url"),
            _ => new CliException(ExitCode.Refused, detail),
        };
    }

    private static string? DetailOf(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject problem ? problem.Text("detail") ?? problem.Text("title") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string PathOf(string path) => path.Split('?')[0];
}
