using System.Text.Json;
using SandQueue.Client.Commands;

namespace SandQueue.Client;

/// <summary>
/// One live copy of a task. Its commands run in the order in which they are sent, so await each. Disposing it releases it; its episode stays in the journal. Safe to use from several
/// threads.
/// </summary>
public sealed class EnvironmentInstance : IAsyncDisposable
{
    private readonly SandQueueClient _client;
    private bool _isReleased;

    internal EnvironmentInstance(SandQueueClient client, string instanceId) => (_client, InstanceId) = (client, instanceId);

    /// <summary>Its name.</summary>
    public string InstanceId { get; }

    /// <summary>The conversation's first messages: system and user. Empty for one that was attached.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; internal init; } = [];

    /// <summary>
    /// What Create says besides: <c>task_id</c>, <c>tools</c> (OpenAI function schemas) and <c>provenance</c> (versions, hash of the data, seed). Undefined for one that was attached.
    /// </summary>
    public JsonElement Info { get; internal init; }

    /// <summary>Takes a step.</summary>
    /// <param name="action">The agent's message: its text, or the whole message of the model's server.</param>
    /// <param name="options">Its id, number, time and parameters.</param>
    /// <param name="cancellationToken">
    /// Ends the wait at once. A step that is under way goes on and may take effect, for the environment cannot be stopped half-way; sent again under the same
    /// <see cref="CommandOptions.CommandId"/>, it gets that step's answer.
    /// </param>
    /// <exception cref="SandQueueException">It did not complete.</exception>
    public async Task<EpisodeStep> StepAsync(AgentMessage action, StepOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        var step = new Step(action.Json) { Id = SandQueueClient.IdOf(options), InstanceId = InstanceId, Params = SandQueueClient.ParamsOf(options), Number = options?.Number };
        return Answers.Step(await _client.SendAsync(step, options?.Deadline, cancellationToken), step.Id!, InstanceId);
    }

    /// <summary>Scores the episode so far, at any time: before the first step, and after the last.</summary>
    /// <param name="options">Its id, time and parameters; <c>sparse: true</c> asks for the bare number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SandQueueException">It did not complete.</exception>
    public async Task<Evaluation> EvaluateAsync(CommandOptions? options = null, CancellationToken cancellationToken = default)
    {
        var evaluate = new Evaluate { Id = SandQueueClient.IdOf(options), InstanceId = InstanceId, Params = SandQueueClient.ParamsOf(options) };
        return Answers.Evaluation(await _client.SendAsync(evaluate, options?.Deadline, cancellationToken), evaluate.Id!, InstanceId);
    }

    /// <summary>Asks what the agent can do now. It is no command: the journal does not have it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The tools or rules as a JSON string, or what the environment says in another form.</returns>
    /// <exception cref="SandQueueException">It was not answered.</exception>
    public Task<JsonElement> GetInfoAsync(CancellationToken cancellationToken = default) =>
        _client.SendAsync(new GetInfo { InstanceId = InstanceId }, deadline: null, cancellationToken);

    /// <summary>Ends the instance and frees its slot. One that has ended already is no error.</summary>
    /// <param name="cancellationToken">Ends the wait; the release goes on.</param>
    /// <exception cref="SandQueueException">It could not be released.</exception>
    public async Task ReleaseAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _client.SendAsync(new Release { Id = SandQueueClient.IdOf(null), InstanceId = InstanceId }, deadline: null, cancellationToken);
        }
        catch (SandQueueException exception) when (exception.Code is Codes.Released or Codes.UnknownInstance or ErrorCodes.Lost or ErrorCodes.Diverged)
        {
            // It holds no slot.
        }

        _isReleased = true;
    }

    /// <summary>
    /// Releases the instance, within ten seconds, if <see cref="ReleaseAsync"/> did not. It throws nothing, for it often runs while another exception is under way:
    /// <see cref="SandQueueClientOptions.ReleaseFailed"/> is told.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_isReleased) return;
        _isReleased = true;
        await _client.ReleaseQuietlyAsync(InstanceId);
    }
}
