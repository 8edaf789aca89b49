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
        while (time.GetElapsedTime(begun) < Longest)
        {
            // Asked first: what was recorded before it ended is found below.
            var now = await instances.FindAsync(tenant, row.InstanceId, row.EpisodeId, cancellationToken);
            var count = 0;
            await foreach (var entry in journal.ReadEpisodeAsync(row.EpisodeId, after, Batch, cancellationToken))
            {
                (after, count, told, pause) = (entry.Id, count + 1, time.GetTimestamp(), FirstPause);
                yield return EventStream.Event("entry", EpisodeEntries.Bytes(entry), EpisodeEntries.Position(row.EpisodeId, entry.Id));
            }

            if (count > 0) continue;
            if (now is null or { EndedAt: not null })
            {
                yield return EventStream.Event("end", RestJson.Bytes(InstanceView.Of(now ?? row)), $"{row.EpisodeId}.{End}");
                yield break;
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
}
