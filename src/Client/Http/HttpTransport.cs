using System.Net.Http.Headers;
using SandQueue.Client.Commands;

namespace SandQueue.Client.Http;

/// <summary>Carries commands to a gateway, by REST v1.</summary>
internal sealed class HttpTransport : ITransport
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private volatile bool _isDisposed;

    /// <param name="gateway">Its address; what stands in its path comes before <c>/v1</c>.</param>
    /// <param name="apiKey">The key; null for none.</param>
    /// <param name="handler">What sends requests; null for one of our own. It is not disposed.</param>
    /// <param name="time">The clock.</param>
    public HttpTransport(Uri gateway, string? apiKey, HttpMessageHandler? handler, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(handler ?? NewHandler(), disposeHandler: handler is null)
        {
            BaseAddress = gateway.AbsoluteUri.EndsWith('/') ? gateway : new Uri($"{gateway.AbsoluteUri}/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (apiKey is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public async Task<Reply> SendAsync(Command command, TimeSpan time, CancellationToken cancellationToken)
    {
        using var request = HttpRequests.Of(command, time);
        var (reply, refusal) = await ExchangeAsync(request, response => HttpReplies.ReadAsync(command, response, _time, cancellationToken), cancellationToken);
        return refusal is null ? reply : Reply.Refused(refusal);
    }

    public IEnumerable<IReadOnlyList<Step>> Parts(IReadOnlyList<Step> steps) => StepParts.Of(steps);

    public async Task<IReadOnlyList<Reply>> StepPartAsync(IReadOnlyList<Step> steps, TimeSpan time, CancellationToken cancellationToken)
    {
        using var request = HttpRequests.Of(steps, time);
        var (replies, refusal) = await ExchangeAsync(request, response => HttpReplies.ReadManyAsync(steps, response, _time, cancellationToken), cancellationToken);
        if (refusal is not null) return [.. steps.Select(_ => Reply.Refused(refusal))];

        // Where one is wrong in its form, or the request too large, none was taken: sent alone each has an end of its own.
        return replies[0].Refusal is { Code: Codes.InvalidRequest or Codes.TooManySteps or Codes.BodyTooLarge } wrong && replies.All(reply => reply.Refusal == wrong)
            ? await Task.WhenAll(steps.Select(step => SendAloneAsync(step, time, cancellationToken)))
            : replies;
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One that is late takes no other's answer away.</summary>
    private async Task<Reply> SendAloneAsync(Step step, TimeSpan time, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(step, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return Reply.Refused(Refusal.Unknown("no answer came in time"));
        }
    }

    /// <returns>What was read, or why there was nothing to read.</returns>
    private async Task<(T Read, Refusal? Refusal)> ExchangeAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (await read(response), null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && request.Content is JsonBody { IsSent: false })
        {
            return (default!, Refusal.Unreachable($"{_http.BaseAddress!.GetLeftPart(UriPartial.Authority)}: no connection was open in time"));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var detail = $"{_http.BaseAddress!.GetLeftPart(UriPartial.Authority)}: {exception.GetBaseException().Message}";

            // The limit of our own handler, which is for connecting alone; or whatever another handler means by it.
            return (default!, exception.InnerException is TimeoutException ? Refusal.Unreachable(detail) : Refusal.Unknown(detail));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var detail = $"{_http.BaseAddress!.GetLeftPart(UriPartial.Authority)}: {exception.GetBaseException().Message}";
            return (default!, IsNeverSent(exception) ? Refusal.Unreachable(detail) : Refusal.Unknown(detail));
        }
    }

    private static bool IsNeverSent(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
    };

    private static SocketsHttpHandler NewHandler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),

        // Gateways move, and names with them.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
    };
}
