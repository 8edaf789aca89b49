using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SandQueue.Client.Commands;
using SandQueue.Client.Http;

namespace SandQueue.Client;

/// <summary>A client of a gateway. Besides what every client can do, it reads lists and the journal, which a broker does not have.</summary>
public sealed class SandQueueHttpClient : SandQueueClient
{
    internal SandQueueHttpClient(Uri gateway, string? apiKey, SandQueueClientOptions? options)
        : base(new HttpTransport(gateway, apiKey, options?.HttpHandler, options?.TimeProvider ?? TimeProvider.System), options)
    {
    }

    /// <summary>Lists what living workers serve.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SandQueueException">Nobody answered, or the key is wrong.</exception>
    public async Task<IReadOnlyList<EnvironmentSummary>> ListEnvironmentsAsync(CancellationToken cancellationToken = default)
    {
        var answer = await SendAsync(new Read("environments"), deadline: null, cancellationToken);
        return Answers.Read(answer, null, null, (answer, _) => List(answer, "environments", ClientJson.Default.EnvironmentSummary));
    }

    /// <summary>Lists your instances, living and ended, the newest first, page by page.</summary>
    /// <param name="envType">Only those of this environment.</param>
    /// <param name="state">Only those in this state, as <c>live</c>: see <see cref="InstanceSummary.State"/>.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="SandQueueException">Nobody answered, or the state is none.</exception>
    public IAsyncEnumerable<InstanceSummary> ListInstancesAsync(string? envType = null, string? state = null, CancellationToken cancellationToken = default)
    {
        var query = (envType is null ? "" : $"&env_type={Uri.EscapeDataString(envType)}") + (state is null ? "" : $"&state={Uri.EscapeDataString(state)}");
        return PagesAsync($"instances?limit=100{query}", "instances", ClientJson.Default.InstanceSummary, cancellationToken);
    }

    /// <summary>Finds the newest instance of a name.</summary>
    /// <param name="instanceId">The name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where you never had one.</returns>
    public async Task<InstanceSummary?> FindInstanceAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        try
        {
            var answer = await SendAsync(new Read($"instances/{Uri.EscapeDataString(instanceId)}"), deadline: null, cancellationToken);
            return Answers.Read(answer, null, instanceId, (answer, _) => answer.Deserialize(ClientJson.Default.InstanceSummary));
        }
        catch (SandQueueException exception) when (exception.Code == Codes.UnknownInstance)
        {
            return null;
        }
    }

    /// <summary>Reads an episode from the journal, page by page: the completed commands of the newest instance of a name, in the order in which they took effect.</summary>
    /// <param name="instanceId">The name.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    /// <exception cref="SandQueueException">You never had such an instance, or nobody answered.</exception>
    public IAsyncEnumerable<JournalEntry> ReadEpisodeAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return PagesAsync($"instances/{Uri.EscapeDataString(instanceId)}/episode?limit=100", "entries", ClientJson.Default.JournalEntry, cancellationToken);
    }

    /// <summary>Finds how a command ended, at whatever door it was sent.</summary>
    /// <param name="commandId">Its id.</param>
    /// <param name="wait">How long to wait for the end of one that still runs, below a minute.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where it has no end: it was not sent, or still runs.</returns>
    public async Task<CommandResult?> FindCommandAsync(string commandId, TimeSpan wait = default, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(commandId);
        var query = wait > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"?wait={wait.TotalSeconds:0.###}") : "";
        try
        {
            var answer = await SendAsync(new Read($"commands/{Uri.EscapeDataString(commandId)}{query}"), deadline: null, cancellationToken);
            if (ProblemReader.Text(answer, "state") == "running") return null;
            var reply = HttpReplies.Result(answer) ?? Reply.Refused(Refusal.Unknown("the answer says of no end", Codes.MalformedAnswer));
            var instance = ProblemReader.Text(answer, "instance_id");
            return new CommandResult(commandId, null, instance, reply.Refusal is null ? reply.Answer : null, reply.Refusal is { } refusal ? new SandQueueException(refusal, commandId, instance) : null);
        }
        catch (SandQueueException exception) when (exception.Code == Codes.UnknownCommand)
        {
            return null;
        }
    }

    private async IAsyncEnumerable<T> PagesAsync<T>(string path, string member, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? cursor = null; ;)
        {
            var answer = await SendAsync(new Read(cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}"), deadline: null, cancellationToken);
            (var entries, cursor) = Answers.Read(answer, null, null, (answer, _) => (List(answer, member, type), answer.GetProperty("next_cursor").GetString()));
            foreach (var entry in entries) yield return entry;
            if (cursor is null) yield break;
        }
    }

    private static List<T> List<T>(JsonElement answer, string member, JsonTypeInfo<T> type) =>
        [.. answer.GetProperty(member).EnumerateArray().Select(entry => entry.Deserialize(type) ?? throw new FormatException($"an entry of {member} is null"))];
}
