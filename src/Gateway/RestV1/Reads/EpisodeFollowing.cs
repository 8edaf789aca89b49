using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary>
/// Follows an episode as it is played: an event <c>entry</c> for each command that completed, whose id is its position, and <c>end</c> once the instance has
/// ended. The journal is asked, ever less often while nothing happens: its steps are taken through any gateway.
/// </summary>
internal sealed class EpisodeFollowing(InstanceListing instances, JournalPages journal, TimeProvider time)
{
    /// <summary>What an event's id has in place of a row's once nothing can follow.</summary>
    private const string End = "end";

    private const int Batch = 100;

    /// <summary>A batch ends after so many bytes, however few entries it has: it is in memory until its reader has it.</summary>
    private const int LargestBatchBytes = 1 << 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Then its client comes back, and its key is looked at again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Whether a stream that ended so has nothing to go on with.</summary>
    public static bool IsEnd(string lastEventId) => lastEventId.EndsWith($".{End}", StringComparison.Ordinal);

    /// <param name="tenant">Whose it is.</param>
    /// <param name="row">The instance.</param>
    /// <param name="after">Only entries after this one; 0 for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<SseItem<byte[]>> FollowAsync(string tenant, InstanceSummary row, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (begun, told, pause) = (time.GetTimestamp(), time.GetTimestamp(), FirstPause);
        InstanceSummary? ended = null;
        while (time.GetElapsedTime(begun) < Longest)
        {
            var entries = await ReadAsync(row.EpisodeId, after, cancellationToken);
            foreach (var (id, entry) in entries) yield return EventStream.Event("entry", entry, EpisodeEntries.Position(row.EpisodeId, id));
            if (entries.Count > 0)
            {
                (after, told, pause) = (entries[^1].Id, time.GetTimestamp(), FirstPause);
                continue;
            }

            if (ended is not null)
            {
                yield return EventStream.Event("end", RestJson.Bytes(InstanceView.Of(ended)), $"{row.EpisodeId}.{End}");
                yield break;
            }

            // What was recorded between the two questions, before it ended, is found by asking once more.
            var now = await instances.FindAsync(tenant, row.InstanceId, row.EpisodeId, cancellationToken);
            if (now is null or { EndedAt: not null })
            {
                ended = now ?? row;
                continue;
            }

            if (time.GetElapsedTime(told) >= EventStream.LongestSilence)
            {
                told = time.GetTimestamp();
                yield return EventStream.Event("waiting", [.. "{}"u8]);
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>A batch is read to its end before any of it is told: whoever is slow to listen must not hold one of the database's few connections.</summary>
    private async Task<List<(long Id, byte[] Entry)>> ReadAsync(long episode, long after, CancellationToken cancellationToken)
    {
        var (entries, bytes) = (new List<(long, byte[])>(), 0);
        await foreach (var entry in journal.ReadEpisodeAsync(episode, after, Batch, cancellationToken))
        {
            var written = EpisodeEntries.Bytes(entry);
            entries.Add((entry.Id, written));
            bytes += written.Length;
            if (bytes >= LargestBatchBytes) break;
        }

        return entries;
    }
}
