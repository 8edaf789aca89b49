using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Unicode;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.Http;

/// <summary>One HTTP call of JSON to the server in a container, whatever protocol it is part of.</summary>
internal static class ContainerCall
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private static readonly TimeSpan ExitNotice = TimeSpan.FromSeconds(1);

    public static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    public static HttpRequestMessage Post(string path, Action<Utf8JsonWriter> members)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return new HttpRequestMessage(HttpMethod.Post, path) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = Json } } };
    }

    /// <summary>Sends it and reads the whole answer, whatever its status.</summary>
    /// <param name="container">Where the server is.</param>
    /// <param name="request">Disposed afterwards.</param>
    /// <param name="mostBytes">An answer that is larger is a failure.</param>
    /// <param name="cancellationToken">The caller's limit.</param>
    /// <exception cref="EnvironmentFailedException">There is no answer; the message says whether the container still runs.</exception>
    public static async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(
        IContainer container, HttpRequestMessage request, long mostBytes, CancellationToken cancellationToken)
    {
        using (request)
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, container.Exited))
        {
            try
            {
                using var response = await container.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                await response.Content.LoadIntoBufferAsync(mostBytes, limit.Token);
                return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(limit.Token));
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or ObjectDisposedException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw await FailureAsync(container, exception);
            }
        }
    }

    /// <summary>
    /// A connection breaks a moment before its process is known to be gone. Waiting for that keeps the next command from
    /// being sent to the same dead container.
    /// </summary>
    public static async Task<EnvironmentFailedException> FailureAsync(IContainer container, Exception failure) => new(
        await HasExitedAsync(container)
            ? "the environment's container exited; the worker's log has what it printed last"
            : $"the environment's container did not answer: {failure.Message}",
        failure);

    /// <summary>Finds a top-level member without parsing what it holds into objects.</summary>
    /// <exception cref="EnvironmentFailedException">The body is no JSON.</exception>
    public static ReadOnlyMemory<byte>? Member(byte[] body, ReadOnlySpan<byte> name)
    {
        if (!Utf8.IsValid(body)) throw new EnvironmentFailedException("the environment's answer cannot be read: it has bytes that are no UTF-8");
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals(name);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (found) return body.AsMemory(start, (int)reader.BytesConsumed - start);
            }

            return null;
        }
        catch (JsonException exception)
        {
            throw AnswerJson.Unreadable(body, exception);
        }
    }

    /// <summary>What an answer that is no success says was wrong, in one line.</summary>
    public static string Detail(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var detail = document.RootElement.GetProperty("detail");
            return OneLine.Of(detail.ValueKind == JsonValueKind.String ? JsonText.Read(detail) : detail.GetRawText());
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "the environment answered an error without a detail";
        }
    }

    private static async Task<bool> HasExitedAsync(IContainer container)
    {
        try
        {
            await Task.Delay(ExitNotice, container.Exited);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
