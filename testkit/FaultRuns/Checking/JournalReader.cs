using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.FaultRuns.Clients;
using SandQueue.Storage;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Openings;

namespace SandQueue.FaultRuns.Checking;

/// <summary>Reads all that the journal holds, by the model of src/Storage.</summary>
internal static class JournalReader
{
    public static async Task<List<RecordedEpisode>> ReadAsync(string database, IEnumerable<PlayedEpisode> played, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection()
            .AddStorage(new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = database })
            .BuildServiceProvider();
        await using var context = await services.GetRequiredService<IContextSource>().OpenAsync(cancellationToken);
        var instances = (await context.Instances.AsNoTracking().OrderBy(row => row.EpisodeId).ToListAsync(cancellationToken)).ToLookup(row => row.InstanceId);
        var stored = await context.Journal.AsNoTracking().OrderBy(row => row.Id).WithOpenings(context).ToListAsync(cancellationToken);
        var entries = stored.ConvertAll(entry => entry.Whole()).ToLookup(row => row.EpisodeId);
        var byCommand = entries.SelectMany(group => group).ToDictionary(row => row.CommandId);

        return [.. played.Select(episode =>
        {
            var rows = instances[episode.Instance].ToList();

            // The ends of commands that never reached the instance have no episode.
            var own = rows.SelectMany(row => entries[row.EpisodeId])
                .Concat(episode.Commands.Where(command => command.Key is not null && byCommand.ContainsKey(command.Key)).Select(command => byCommand[command.Key!]))
                .DistinctBy(entry => entry.Id)
                .OrderBy(entry => entry.Id);
            return new RecordedEpisode(episode, rows, [.. own]);
        })];
    }
}
