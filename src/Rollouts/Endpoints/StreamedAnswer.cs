using System.Net.ServerSentEvents;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>Reads an answer that comes in pieces (server-sent events, ended by <c>[DONE]</c>) and puts it together.</summary>
internal static class StreamedAnswer
{
    /// <param name="stream">The body.</param>
    /// <param name="named">The endpoint, for errors.</param>
    /// <param name="apiKey">The key it was asked with, which endpoints repeat in what they say of it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The answer in the form of one that came whole.</returns>
    public static async Task<byte[]> ReadAsync(Stream stream, string named, string? apiKey, CancellationToken cancellationToken)
    {
        var answer = new ChunkAssembly();
        await foreach (var piece in SseParser.Create(stream, (_, data) => data.ToArray()).EnumerateAsync(cancellationToken))
        {
            if (piece.Data.AsSpan().Trim(" \r\n"u8).SequenceEqual("[DONE]"u8)) return answer.Write();
            answer.Add(Chunk(piece.Data, named, apiKey));
        }

        // Some servers end with the last piece and say nothing more.
        return answer.IsFinished ? answer.Write() : throw new RepeatableFailureException($"{named} broke its answer off before its end");
    }

    private static JsonElement Chunk(byte[] data, string named, string? apiKey)
    {
        JsonElement chunk;
        try
        {
            chunk = JsonElement.Parse(data);
        }
        catch (JsonException exception)
        {
            throw new EndpointException($"{named} answered with a piece that is no JSON: {OneLine.Of(exception.Message, 200)}", EndpointFailure.Passing, exception);
        }

        if (chunk.ValueKind != JsonValueKind.Object) throw new EndpointException($"{named} answered with a piece that is no object", EndpointFailure.Passing);
        return chunk.TryGetMember("error", out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String
            ? throw new RepeatableFailureException($"{named} failed while it answered: {EndpointError.Read(data, apiKey).Message}")
            : chunk;
    }
}
