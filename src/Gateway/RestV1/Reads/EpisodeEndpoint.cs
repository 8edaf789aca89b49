using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/instances/{instance_id}/episode</c>: the journal of the newest instance of that name, page by page. A cursor stays with its episode.</summary>
internal sealed class EpisodeEndpoint(InstanceListing instances, JournalPages journal) : IRestEndpoint
{
    /// <summary>A page ends after so many bytes, however few entries it has: answers may be large.</summary>
    private const int LargestPageBytes = 4 << 20;

    public RestOperation Operation { get; } = new("getEpisode", "Reads the episode of an instance from the journal", typeof(EpisodePage))
    {
        Query = [QueryParameter.Cursor, QueryParameter.Limit],
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var (name, limit, cursor) = (PathText.Of(context, "instance_id"), query.Limit, query.Cursor(2));
        var row = await instances.FindAsync(context.Tenant(), name, cursor?[0], context.RequestAborted) ?? throw UnknownInstance.Of(name);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, await PageAsync(row, cursor?[1] ?? 0, limit, context.RequestAborted));
    }

    private async Task<ReadOnlyMemory<byte>> PageAsync(InstanceSummary row, long after, int limit, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, RestJson.Writer);
        writer.WriteStartObject();
        writer.WriteString("instance_id", row.InstanceId);
        writer.WriteNumber("episode_id", row.EpisodeId);
        writer.WriteStartArray("entries");
        var (count, last, hasMore) = (0, after, false);
        await foreach (var entry in journal.ReadEpisodeAsync(row.EpisodeId, after, limit + 1, cancellationToken))
        {
            hasMore = count == limit || (count > 0 && buffer.WrittenCount + writer.BytesPending >= LargestPageBytes);
            if (hasMore) break;
            Write(writer, entry);
            (count, last) = (count + 1, entry.Id);
        }

        writer.WriteEndArray();
        writer.WriteString("next_cursor", hasMore ? string.Create(CultureInfo.InvariantCulture, $"{row.EpisodeId}.{last}") : null);
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, JournalEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", RestJson.Name(entry.Kind));
        writer.WriteString("command_id", entry.CommandId);
        if (entry.Step is { } step) writer.WriteNumber("step", step);
        else writer.WriteNull("step");
        RestJson.WriteRaw(writer, "action", entry.Action);
        RestJson.WriteRaw(writer, "params", entry.Params);
        RestJson.WriteRaw(writer, "answer", entry.Answer);
        if (entry.Reward is { } reward && double.IsFinite(reward)) writer.WriteNumber("reward", reward);
        else writer.WriteNull("reward");
        writer.WriteBoolean("is_terminated", entry.Terminated);
        writer.WriteNumber("environment_ms", Math.Round(entry.EnvironmentMs, 3));
        writer.WriteString("worker", entry.Worker);
        writer.WriteString("recorded_at", RestJson.Time(entry.RecordedAt));
        writer.WriteEndObject();
    }
}
