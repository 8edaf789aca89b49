using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Results;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Gateway.Tools;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>The answer of a call that is sent again after its task was released: its first one, whatever the session plays by now.</summary>
internal sealed class PastCalls(JournalPages journal, InstanceListing instances, EpisodeCommands commands)
{
    /// <param name="session">Who calls.</param>
    /// <param name="id">The command's id.</param>
    /// <param name="name">The tool that is called.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <returns>Null where no command of that id and content has completed.</returns>
    public async Task<CallResult?> FindAsync(EpisodeSession session, string id, string name, JsonElement arguments, CancellationToken cancellationToken)
    {
        if (await journal.FindCommandAsync(session.Tenant, id, cancellationToken) is not { Entry: { End: CommandEnd.Completed } entry, InstanceId: { } instance }) return null;
        if (entry.Kind == JournalKind.Step) return Actions(id, name, arguments).Any(action => CommandContent.HasAction(entry, action)) ? new CallResult(ToolResults.Step(instance, id, entry.Answer)) : null;
        if (Fields(arguments) is not { } fields) return null;
        return (entry.Kind, DoorTools.Meant(name, task: null)) switch
        {
            (JournalKind.Evaluate, DoorTools.Evaluate) when CommandContent.HasParams(entry, commands.Evaluate(session, id, instance, fields).Params) => new CallResult(ToolResults.Evaluation(instance, id, entry.Answer)),
            (JournalKind.Release, DoorTools.Release) => new CallResult(ToolResults.Release(instance, id)),
            (JournalKind.Create, DoorTools.Open) => await OpeningAsync(commands.Create(session, id, fields), instance, entry, cancellationToken),
            _ => null,
        };
    }

    private async Task<CallResult?> OpeningAsync(CreateInstance create, string instance, JournalEntry entry, CancellationToken cancellationToken) =>
        create.InstanceId == instance
        && CommandContent.HasParams(entry, create.Params)
        && await instances.FindAsync(create.Tenant, instance, entry.EpisodeId, cancellationToken) is { } row
        && (row.EnvType, row.TaskId) == (create.EnvType, create.TaskId)
            ? new CallResult(ToolResults.Opening(instance, create.CommandId, create.EnvType, create.TaskId, steps: 0, entry.Answer))
            : null;

    /// <summary>The messages that the call may have stood for: whether its task had a <c>send_message</c> of its own is not known any more.</summary>
    private static IEnumerable<byte[]> Actions(string id, string name, JsonElement arguments)
    {
        yield return ToolCallAction.Call(id, name, arguments);
        if (name == OfferedTool.SendMessage.Name && Fields(arguments)?.Value("content") is { ValueKind: JsonValueKind.String } content) yield return ToolCallAction.Message(content);
    }

    private static JsonFields? Fields(JsonElement arguments) => arguments.ValueKind switch
    {
        JsonValueKind.Object => new JsonFields(arguments),
        JsonValueKind.Undefined => new JsonFields(JsonElement.Parse("{}")),
        _ => null,
    };
}
