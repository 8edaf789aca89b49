using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Episodes;

/// <summary>Exports the ended episodes of a tenant line by line. One episode is in memory at a time, of pairs two.</summary>
/// <remarks>An episode that cannot be written in the form that is asked for is left out, and the log names it: those behind it are worth more than a whole file.</remarks>
public sealed partial class EpisodeExport(EpisodeExports episodes, EpisodeReader journal, ILogger<EpisodeExport> log)
{
    private const int Page = 200;

    /// <summary>The lines of an export, each a JSON object without its line end.</summary>
    public IAsyncEnumerable<byte[]> RunAsync(ExportRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Format switch
        {
            ExportFormat.Episodes => InOrderAsync(request, async head => EpisodeLine.Write(head, await journal.ReadEpisodeAsync(head.EpisodeId, cancellationToken)), cancellationToken),
            ExportFormat.Messages => InOrderAsync(request, async head => ExportLine.Messages(head, await SaidAsync(head, cancellationToken)), cancellationToken),
            ExportFormat.Verifiers => InOrderAsync(request, async head => ExportLine.Trace(head, await SaidAsync(head, cancellationToken)), cancellationToken),
            ExportFormat.Preferences => PairsAsync(request, cancellationToken),
            ExportFormat.Nemo or ExportFormat.NemoFailures => NemoAsync(request, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.Format, "no such format"),
        };
    }

    private async IAsyncEnumerable<byte[]> InOrderAsync(ExportRequest request, Func<EpisodeHead, Task<byte[]>> write, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            var page = await episodes.ListAsync(request.Filter, after, Page, cancellationToken);
            foreach (var head in page)
            {
                if (request.Tasks?.Contains(head.TaskId) != false && await ReadableAsync(head, () => write(head)) is { } line) yield return line;
            }

            if (page.Count < Page) yield break;
            after = page[^1].EpisodeId;
        }
    }

    /// <summary>A pair for each task whose best and worst episode differ in their reward and begin alike.</summary>
    private async IAsyncEnumerable<byte[]> PairsAsync(ExportRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var task in TasksAsync(request, cancellationToken))
        {
            EpisodeHead? best = null, worst = null;
            await foreach (var head in OfTaskAsync(request, task, cancellationToken))
            {
                if (head.Reward is not { } reward) continue;
                if (best is null || reward > best.Reward) best = head;
                if (worst is null || reward < worst.Reward) worst = head;
            }

            if (best is null || worst is null || !(best.Reward > worst.Reward)) continue;
            if (await ReadableAsync(best, () => SaidAsync(best, cancellationToken)) is not { } chosen) continue;
            if (await ReadableAsync(worst, () => SaidAsync(worst, cancellationToken)) is not { } rejected) continue;
            var shared = Shared(chosen);
            if (shared != Shared(rejected) || !chosen.Messages.Take(shared).Zip(rejected.Messages).All(pair => pair.First.Json.AsSpan().SequenceEqual(pair.Second.Json))) continue;
            yield return ExportLine.Preference((best, chosen), (worst, rejected), shared);
        }
    }

    private async IAsyncEnumerable<byte[]> NemoAsync(ExportRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = -1;
        await foreach (var task in TasksAsync(request, cancellationToken))
        {
            number++;
            var rollout = -1;
            await foreach (var head in OfTaskAsync(request, task, cancellationToken))
            {
                rollout++;
                if (head.Reward is null != (request.Format == ExportFormat.NemoFailures)) continue;
                var place = (number, rollout);
                if (await ReadableAsync(head, async () => NemoLine.Of(head, await SaidAsync(head, cancellationToken), place.number, place.rollout)) is { } line) yield return line;
            }
        }
    }

    private async IAsyncEnumerable<(string EnvType, string TaskId)> TasksAsync(ExportRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for ((string, string)? after = null; ;)
        {
            var page = await episodes.ListTasksAsync(request.Filter, after, Page, cancellationToken);
            foreach (var task in page)
            {
                if (request.Tasks?.Contains(task.TaskId) != false) yield return task;
            }

            if (page.Count < Page) yield break;
            after = page[^1];
        }
    }

    private async IAsyncEnumerable<EpisodeHead> OfTaskAsync(
        ExportRequest request, (string EnvType, string TaskId) task, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            var page = await episodes.ListOfTaskAsync(request.Filter, task, after, Page, cancellationToken);
            foreach (var head in page) yield return head;
            if (page.Count < Page) yield break;
            after = page[^1].EpisodeId;
        }
    }

    private async Task<Conversation> SaidAsync(EpisodeHead head, CancellationToken cancellationToken) =>
        Conversation.Of(await journal.ReadEpisodeAsync(head.EpisodeId, cancellationToken));

    /// <summary>What is read of an episode; null where its answers or actions are in no form that can be.</summary>
    private async Task<T?> ReadableAsync<T>(EpisodeHead head, Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidRequestException or InvalidOperationException
            && exception is not ObjectDisposedException && !DatabaseFailure.Is(exception))
        {
            LeftOut(head.EpisodeId, head.InstanceId, OneLine.Of(exception.Message));
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "an export left episode {EpisodeId} of instance '{InstanceId}' out, which cannot be read: {Reason}")]
    private partial void LeftOut(long episodeId, string instanceId, string reason);

    private static int Shared(Conversation said) => said.Messages.TakeWhile(message => !message.IsSampled).Count();
}
