using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using SandQueue.Workers.Containers;

namespace SandQueue.Workers.Protocols.EnvironmentService;

/// <summary>One HTTP call to an environment server, and what its statuses mean.</summary>
internal static class EnvironmentServiceCall
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private static readonly TimeSpan ExitNotice = TimeSpan.FromSeconds(1);

    public static Task<ReadOnlyMemory<byte>> GetAsync(IContainer container, string path, CancellationToken cancel) =>
        SendAsync(container, new HttpRequestMessage(HttpMethod.Get, path), cancel);

    public static Task<ReadOnlyMemory<byte>> PostAsync(
        IContainer container, string path, Action<Utf8JsonWriter> members, CancellationToken cancel)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        var content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = Json } };
        return SendAsync(container, new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, cancel);
    }

    /// <summary>Writes a caller's JSON object as it came, or an empty one.</summary>
    public static void WriteObject(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json.IsEmpty ? "{}"u8 : json.Span, skipInputValidation: true);
    }

    /// <returns>The <c>data</c> of the answer, as it was written.</returns>
    private static async Task<ReadOnlyMemory<byte>> SendAsync(IContainer container, HttpRequestMessage request, CancellationToken cancel)
    {
        using (request)
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, container.Exited))
        {
            try
            {
                using var response = await container.Http.SendAsync(request, limit.Token);
                var body = await response.Content.ReadAsByteArrayAsync(limit.Token);
                return response.StatusCode switch
                {
                    HttpStatusCode.OK => Member(body, "data"u8) ?? throw new EnvironmentFailedException($"{request.RequestUri} answered without data"),
                    HttpStatusCode.BadRequest => throw new EnvironmentRejectedException(Detail(body)),
                    _ => throw new EnvironmentFailedException(Detail(body)),
                };
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException
                || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                throw new EnvironmentFailedException(
                    await HasExitedAsync(container)
                        ? "the environment's container exited; the worker's log has what it printed last"
                        : $"the environment's container did not answer: {failure.Message}",
                    failure);
            }
        }
    }

    /// <summary>
    /// A connection breaks a moment before its process is known to be gone. Waiting for that keeps the next command from
    /// being sent to the same dead container.
    /// </summary>
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

    /// <summary>Finds a top-level member without parsing what it holds into objects.</summary>
    private static ReadOnlyMemory<byte>? Member(byte[] body, ReadOnlySpan<byte> name)
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

    private static string Detail(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.GetProperty("detail").ToString();
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "the environment answered an error without a detail";
        }
    }
}
