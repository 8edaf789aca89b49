using SandQueue.Contracts;
using SandQueue.Gateway.Mcp.Results;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>The answer of a call that is sent again after its task was released: its first one.</summary>
internal sealed class PastCalls(JournalPages journal)
{
    /// <returns>Null where no command of that id has completed.</returns>
    public async Task<CallResult?> FindAsync(EpisodeSession session, string id, CancellationToken cancellationToken)
    {
        if (await journal.FindCommandAsync(session.Tenant, id, cancellationToken) is not { Entry: { End: CommandEnd.Completed } entry, InstanceId: { } instance }) return null;
        return entry.Kind switch
        {
            JournalKind.Step => new CallResult(ToolResults.Step(instance, id, entry.Answer)),
            JournalKind.Evaluate => new CallResult(ToolResults.Evaluation(instance, id, entry.Answer)),
            JournalKind.Release => new CallResult(ToolResults.Release(instance, id)),
            _ => null,
        };
    }
}
