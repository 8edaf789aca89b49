using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Contracts;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.Ors;

/// <summary>An episode in the journal whose instance has ended.</summary>
internal sealed class EndedEpisode(DoorServer server, string instance)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="action">The agent's message of the one step, whose command is <c>call1</c>.</param>
    /// <param name="step">What the step answered.</param>
    /// <param name="evaluation">What its evaluation answered.</param>
    public async Task RecordAsync(string action, string step, string evaluation)
    {
        var row = new Instance { Tenant = "mine", InstanceId = instance, EnvType = "lake", TaskId = "a", Params = [], State = InstanceState.Live, Owner = "w.1", Epoch = 1 };
        var instances = server.Services.GetRequiredService<InstanceDirectory>();
        (await instances.ClaimAsync(row, Cancel)).ShouldBeNull();
        await AppendAsync(row, JournalKind.Create, 0, instance, """{"state":[],"info":{"tools":[]}}""");
        await AppendAsync(row, JournalKind.Step, 1, "call1", step, action);
        await AppendAsync(row, JournalKind.Evaluate, step: null, "evaluated", evaluation);
        (await instances.EndAsync(row.EpisodeId, row.Epoch, InstanceState.Released, "was released", 5, Cancel)).ShouldBeTrue();
    }

    private async Task AppendAsync(Instance row, JournalKind kind, int? step, string commandId, string answer, string action = "")
    {
        var entry = new JournalEntry
        {
            Tenant = row.Tenant, CommandId = commandId, EpisodeId = row.EpisodeId, Kind = kind, Step = step, End = CommandEnd.Completed, Action = Encoding.UTF8.GetBytes(action), Answer = Encoding.UTF8.GetBytes(answer), Epoch = 1,
        };
        var progress = new InstanceProgress { EpisodeId = row.EpisodeId, Epoch = 1, FromStep = 1, NextStep = 1, State = InstanceState.Live, LastUsedAt = 5 };
        (await server.Services.GetRequiredService<EpisodeJournal>().AppendAsync(new JournalAppend(entry, progress), Cancel)).ShouldBe(JournalVerdict.Committed);
    }
}
