using System.Text;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.FaultRuns.Clients;
using SandQueue.Storage.Model;

namespace SandQueue.FaultRuns.Checking;

/// <summary>
/// Plays a recovered episode's actions again on a fresh instance that nothing disturbs. Equal observations do not prove an
/// equal hidden state, so the evaluations are compared too.
/// </summary>
internal static class PairedRun
{
    /// <returns>Null where every answer is the same to the byte, else what differs.</returns>
    public static async Task<string?> CompareAsync(RecordedEpisode episode, CommandCaller caller, CancellationToken cancellationToken)
    {
        var instance = $"pair-{episode.Played.Instance}";
        var sent = 0;
        string? difference = null;
        await AskAsync(CommandKind.Create, new JsonObject { ["env_type"] = episode.Played.Name.Environment, ["task_id"] = episode.Played.Name.Task, ["params"] = new JsonObject { ["seed"] = episode.Played.Name.Seed } });
        foreach (var entry in episode.Entries.Where(entry => entry is { End: CommandEnd.Completed, Kind: JournalKind.Step or JournalKind.Evaluate }))
        {
            var step = entry.Kind == JournalKind.Step;
            var again = await AskAsync(
                step ? CommandKind.Step : CommandKind.Evaluate, step ? new JsonObject { ["messages"] = JsonNode.Parse(entry.Action) } : []);
            if (again.Data.SequenceEqual(entry.Answer)) continue;
            difference = $"{entry.Kind} {entry.Step} was {Encoding.UTF8.GetString(entry.Answer)} and is {again.AnswerText} without faults";
            break;
        }

        await AskAsync(CommandKind.Release, []);
        return difference;

        async Task<SentCommand> AskAsync(CommandKind kind, JsonObject body)
        {
            body["instance_id"] = instance;
            var command = new SentCommand { Kind = kind, Key = $"{instance}.{++sent}", HasHeader = true, Body = Encoding.UTF8.GetBytes(body.ToJsonString()) };
            await caller.AskAsync(command, sent, cancellationToken);
            return command;
        }
    }
}
