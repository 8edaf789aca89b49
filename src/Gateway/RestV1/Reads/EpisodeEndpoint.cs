using System.Buffers;
using System.Text.Json;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary>
/// <c>GET /v1/instances/{instance_id}/episode</c>: the journal of the newest instance of that name, page by page, or followed live by server-sent events. A
/// cursor stays with its episode.
/// </summary>
internal sealed class EpisodeEndpoint(InstanceListing instances, JournalPages journal, EpisodeFollowing following, EventStream stream) : IRestEndpoint
{
    /// <summary>A page ends after so many bytes, however few entries it has: answers may be large.</summary>
    private const int LargestPageBytes = 4 << 20;

    public RestOperation Operation { get; } = new("getEpisode", "Reads the episode of an instance from the journal; with Accept: text/event-stream, follows it live", typeof(EpisodePage))
    {
        Query = [QueryParameter.Cursor, QueryParameter.Limit],
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var (name, limit, cursor) = (PathText.Of(context, "instance_id"), query.Limit, query.Cursor(2));
        if (EventStream.IsAsked(context.Request))
        {
            await FollowAsync(context, name, cursor);
            return;
        }

        var row = await instances.FindAsync(context.Tenant(), name, cursor?[0], context.RequestAborted) ?? throw UnknownInstance.Of(name);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, await PageAsync(row, cursor?[1] ?? 0, limit, context.RequestAborted));
    }

    private async Task FollowAsync(HttpContext context, string name, long[]? cursor)
    {
        var last = EventStream.LastId(context.Request);
        if (EpisodeFollowing.IsEnd(last))
        {
            EventStream.SayThatItIsOver(context);
            return;
        }

        if (last.Length > 0) cursor = RestQuery.Positions(last, 2) ?? throw new BadRequestException($"{EventStream.LastEvent} is none that this route gave");
        var row = await instances.FindAsync(context.Tenant(), name, cursor?[0], context.RequestAborted) ?? throw UnknownInstance.Of(name);
        await stream.WriteAsync(context, following.FollowAsync(context.Tenant(), row, cursor?[1] ?? 0, context.RequestAborted));
    }

    private static void WriteParent(Utf8JsonWriter writer, ParentView? parent)
    {
        if (parent is null)
        {
            writer.WriteNull("parent");
            return;
        }

        writer.WriteStartObject("parent");
        writer.WriteNumber("episode_id", parent.EpisodeId);
        writer.WriteNumber("step", parent.Step);
        writer.WriteEndObject();
    }

    private async Task<ReadOnlyMemory<byte>> PageAsync(InstanceSummary row, long after, int limit, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, RestJson.Writer);
        writer.WriteStartObject();
        writer.WriteString("instance_id", row.InstanceId);
        writer.WriteNumber("episode_id", row.EpisodeId);
        WriteParent(writer, ParentView.Of(row));
        writer.WriteStartArray("entries");
        var (count, last, hasMore) = (0, after, false);
        await foreach (var entry in journal.ReadEpisodeAsync(row.EpisodeId, after, limit + 1, cancellationToken))
        {
            hasMore = count == limit || (count > 0 && buffer.WrittenCount + writer.BytesPending >= LargestPageBytes);
            if (hasMore) break;
            EpisodeEntries.Write(writer, entry);
            (count, last) = (count + 1, entry.Id);
        }

        writer.WriteEndArray();
        writer.WriteString("next_cursor", hasMore ? EpisodeEntries.Position(row.EpisodeId, last) : null);
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
        return buffer.WrittenMemory;
    }
}
