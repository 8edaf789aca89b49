using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using SandQueue.Contracts;
using SandQueue.Rollouts.Settings;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>One attempt of a call: sends it, and reads what comes within its time and size.</summary>
internal sealed class EndpointAttempt(EndpointHttp http, EndpointOptions options, TimeProvider time)
{
    private const int MostErrorBytes = 64_000;

    /// <exception cref="RepeatableFailureException">It may be made again.</exception>
    /// <exception cref="EndpointException">It need not be.</exception>
    public async Task<byte[]> RunAsync(EndpointCall call, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(call.Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            return await SendAsync(call, limit.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EndpointException($"{Named(call)} did not answer within {call.Timeout.TotalSeconds:0.###} s; it hangs, or needs a longer request_timeout_s", EndpointFailure.Passing);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RepeatableFailureException($"{Named(call)} cannot be reached: no connection was made within {options.ConnectTimeout.TotalSeconds:0.###} s", isUnreachable: true, innerException: exception);
        }
        catch (HttpRequestException exception) when (exception.InnerException is AddressRefusedException refused)
        {
            throw new EndpointException(refused.Message, EndpointFailure.Unusable, exception);
        }
        catch (HttpRequestException exception)
        {
            var isUnreachable = exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError || exception.InnerException is SocketException;
            throw new RepeatableFailureException($"{Named(call)} {(isUnreachable ? "cannot be reached" : "broke the connection off")}: {exception.Message}", isUnreachable: isUnreachable, innerException: exception);
        }
        catch (IOException exception)
        {
            throw new RepeatableFailureException($"{Named(call)} broke its answer off: {exception.Message}", innerException: exception);
        }
    }

    private async Task<byte[]> SendAsync(EndpointCall call, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Address) { Content = new ByteArrayContent(call.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd(call.IsStreamed ? "text/event-stream" : "application/json");
        if (call.ApiKey is { } key)
        {
            if (!EndpointKeys.MayBe(key)) throw new EndpointException($"the key for {Named(call)} has characters that no key has: spaces, line breaks or letters beyond ASCII; store it again", EndpointFailure.Unusable);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await http.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK) throw await FailureAsync(call, response, body, cancellationToken);
        if (call.IsStreamed && response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            return await StreamedAnswer.ReadAsync(new LimitedStream(body, options.MaxAnswerBytes), Named(call), call.ApiKey, cancellationToken);
        }

        return await BoundedReading.AllAsync(body, options.MaxAnswerBytes, cancellationToken)
            ?? throw new EndpointException($"{Named(call)} answered more than {options.MaxAnswerBytes} bytes", EndpointFailure.Passing);
    }

    private async Task<Exception> FailureAsync(EndpointCall call, HttpResponseMessage response, Stream body, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            var target = response.Headers.Location is { } location ? $" to {OneLine.Of(EndpointError.WithoutKey(location.ToString(), call.ApiKey), 200)}" : "";
            return new EndpointException($"{Named(call)} redirects{target} ({status}); redirects are not followed: give that address as base_url", EndpointFailure.Unusable);
        }

        var error = EndpointError.Read(await BoundedReading.BeginningAsync(body, MostErrorBytes, cancellationToken), call.ApiKey);
        var line = OneLine.Of($"{Named(call)} answered {status}{(error.Message.Length > 0 ? $": {error.Message}" : "")}", 600);
        return status switch
        {
            401 or 403 => new EndpointException($"{line}; is the key right?", EndpointFailure.Unusable),
            404 => new EndpointException($"{line}; are base_url and model right?", EndpointFailure.Unusable),
            400 or 413 or 422 when error.IsContextLength => new EndpointException(line, EndpointFailure.ContextLength),
            408 or 425 or 429 or >= 500 => new RepeatableFailureException(line, RetryAfter(response)),
            _ => new EndpointException(line, EndpointFailure.Refused),
        };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }

    private static string Named(EndpointCall call) => $"the endpoint {call.Address.GetLeftPart(UriPartial.Authority)}";
}
