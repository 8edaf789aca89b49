using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.Http;

/// <summary>HTTP calls of JSON to the servers in containers, whatever protocol they are part of.</summary>
/// <param name="time">The clock.</param>
internal sealed class ContainerCall(TimeProvider time)
{
    /// <summary>Of a detail that is no text; it is cut further to one line.</summary>
    private const int LongestRawDetail = 8 * OneLine.Longest;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>How long an engine usually takes to tell an exit.</summary>
    private static readonly TimeSpan ExitNotice = TimeSpan.FromSeconds(1);

    /// <summary>How long a busy one may take, for a server that has certainly ended. Then what it printed last is known too.</summary>
    private static readonly TimeSpan LateNotice = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(1);

    public static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    public static HttpRequestMessage Post(string path, Action<Utf8JsonWriter> members) =>
        new(HttpMethod.Post, path) { Content = new ReadOnlyMemoryContent(Body(members)) { Headers = { ContentType = Json } } };

    /// <summary>A JSON object.</summary>
    public static ReadOnlyMemory<byte> Body(Action<Utf8JsonWriter> members)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    /// <summary>Sends it and reads the whole answer, whatever its status.</summary>
    /// <param name="container">Where the server is.</param>
    /// <param name="request">Disposed afterwards.</param>
    /// <param name="mostBytes">An answer that is larger is a failure.</param>
    /// <param name="cancellationToken">The caller's limit.</param>
    /// <exception cref="EnvironmentFailedException">There is no answer, or too large a one; the message says whether the container still runs.</exception>
    public async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(
        IContainer container, HttpRequestMessage request, long mostBytes, CancellationToken cancellationToken)
    {
        using (request)
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, container.Exited))
        {
            try
            {
                using var response = await container.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                return (response.StatusCode, await AnswerBody.ReadAsync(container, response.Content, mostBytes, limit.Token));
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or ObjectDisposedException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw await FailureAsync(container, exception);
            }
        }
    }

    /// <summary>
    /// A connection breaks a moment before its process is known to be gone, and a busy engine tells it late. Waiting for that
    /// keeps the next command from being sent to the same dead container; so does a look whether anybody takes connections.
    /// </summary>
    public async Task<EnvironmentFailedException> FailureAsync(IContainer container, Exception failure)
    {
        if (await HasExitedAsync(container, ExitNotice)) return Exited(failure);
        if (await IsListeningAsync(container)) return new EnvironmentFailedException($"the environment's container did not answer: {failure.Message}", failure);
        return await HasExitedAsync(container, LateNotice)
            ? Exited(failure)
            : new EnvironmentGoneException($"the environment's server takes no connections any more, and its container runs on: {failure.Message}", failure);
    }

    /// <summary>Finds a top-level member without parsing what it holds into objects. The body is read to its end: one that was cut off is no answer.</summary>
    /// <exception cref="EnvironmentFailedException">The body is no JSON, or the member holds too many values.</exception>
    public static ReadOnlyMemory<byte>? Member(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> name)
    {
        if (!Utf8.IsValid(body.Span)) throw new EnvironmentFailedException("the environment's answer cannot be read: it has bytes that are no UTF-8");
        try
        {
            ReadOnlyMemory<byte>? member = null;
            var reader = new Utf8JsonReader(body.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = member is null && reader.ValueTextEquals(name);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (found) member = body[start..(int)reader.BytesConsumed];
            }

            // Throws where anything follows.
            reader.Read();
            if (member is not null) AnswerValues.Require(member.Value.Span);
            return member;
        }
        catch (JsonException exception)
        {
            throw AnswerJson.Unreadable(body.Span, exception);
        }
    }

    /// <summary>Checks that an answer is one value of JSON, and no more.</summary>
    /// <exception cref="EnvironmentFailedException">It is none, or holds too many values.</exception>
    public static ReadOnlyMemory<byte> Value(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span)) throw new EnvironmentFailedException("the environment's answer cannot be read: it has bytes that are no UTF-8");
        try
        {
            var reader = new Utf8JsonReader(json.Span);
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            throw AnswerJson.Unreadable(json.Span, exception);
        }

        AnswerValues.Require(json.Span);
        return json;
    }

    /// <summary>What an answer that is no success says was wrong, in one line.</summary>
    public static string Detail(HttpStatusCode status, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (Member(body, "detail"u8) is { } detail)
            {
                return OneLine.Of(detail.Span[0] == '"' ? AnswerJson.Read(detail, JsonText.Read) : Encoding.UTF8.GetString(detail.Span[..Math.Min(detail.Length, LongestRawDetail)]));
            }
        }
        catch (EnvironmentFailedException)
        {
            // What cannot be read says nothing.
        }

        return $"the environment answered {(int)status} without a detail";
    }

    private static EnvironmentFailedException Exited(Exception failure) =>
        new("the environment's container exited; the worker's log has what it printed last", failure);

    private async Task<bool> HasExitedAsync(IContainer container, TimeSpan within)
    {
        try
        {
            await Task.Delay(within, time, container.Exited);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Whatever it answers, and whether it does in time: where it takes the connection, its server is there.</summary>
    private async Task<bool> IsListeningAsync(IContainer container)
    {
        using var timeout = new CancellationTokenSource(LookLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, container.Exited);
        try
        {
            using var look = new HttpRequestMessage(HttpMethod.Head, "/") { Headers = { ConnectionClose = true } };
            using var response = await container.Http.SendAsync(look, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return true;
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError != HttpRequestError.ConnectionError;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return !container.Exited.IsCancellationRequested;
        }
    }
}
