using System.Text.Json;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.OpenEnv.Answers;
using SandQueue.Gateway.OpenEnv.Episodes;
using SandQueue.Gateway.OpenEnv.Mcp;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tools;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.OpenEnv.Sessions;

/// <summary>What one connection asks, one request after the other: it plays one episode at a time.</summary>
internal sealed partial class OpenEnvSession(
    string tenant, string environment, ICommandRouter router, EpisodeStart starts, EpisodeScore scores, EpisodeEnd ends, SharedTools shared, IOptions<GatewayOptions> options, TimeProvider time,
    ILogger<OpenEnvSession> log)
{
    private CurrentEpisode? _episode;

    /// <summary>What the episode was evaluated as, once it is over; else null.</summary>
    internal JsonElement? Evaluation => _episode?.Evaluation;

    /// <summary>The client has said that it is done.</summary>
    public bool IsClosed { get; private set; }

    /// <returns>The frame that answers; null where none does.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits for the answer any more.</exception>
    public async Task<byte[]?> AnswerAsync(byte[] frame, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Parse(frame);
            return await AnswerAsync(request.Fields, cancellationToken);
        }
        catch (BadRequestException exception)
        {
            return OpenEnvFrame.Error(new OpenEnvException(OpenEnvCode.Validation, exception.Message));
        }
        catch (OpenEnvException exception)
        {
            Forget(exception);
            return OpenEnvFrame.Error(exception);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            DatabaseAway(environment, exception);
            return OpenEnvFrame.Error(new OpenEnvException(OpenEnvCode.Execution, "the database cannot be reached; send the same again"));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Failed(environment, exception);
            return OpenEnvFrame.Error(new OpenEnvException(OpenEnvCode.Execution, $"the gateway failed: {exception.Message}"));
        }
    }

    /// <summary>After some errors there is no episode any more.</summary>
    internal void Forget(OpenEnvException exception)
    {
        if (exception.Code == OpenEnvCode.Session) _episode = null;
    }

    /// <summary>Ends what ends with the connection.</summary>
    public Task EndAsync(CancellationToken cancellationToken) =>
        _episode is { } episode && (!episode.IsDurable || episode.IsDone) ? ends.RunAsync(tenant, episode.InstanceId, cancellationToken) : Task.CompletedTask;

    private static RequestBody Parse(byte[] frame)
    {
        try
        {
            return RequestBody.Parse(frame);
        }
        catch (BadRequestException exception)
        {
            throw new OpenEnvException(OpenEnvCode.InvalidJson, exception.Message);
        }
    }

    private async Task<byte[]?> AnswerAsync(JsonFields request, CancellationToken cancellationToken)
    {
        if (request.Unknown(["type", "data"]) is { } unknown) throw new BadRequestException($"unknown member '{unknown}' of a request; known are type and data");
        switch (request.Required("type"))
        {
            case "reset":
                return await ResetAsync(new JsonFields(request.Object("data")), cancellationToken);
            case "step":
                return await StepAsync(request, cancellationToken);
            case "state":
                return await StateAsync(cancellationToken);
            case "mcp":
                return OpenEnvFrame.Mcp(await new SessionMcp(this).AnswerAsync(new JsonFields(request.Object("data")), cancellationToken));
            case "close":
                IsClosed = true;
                return null;
            case var other:
                throw new OpenEnvException(OpenEnvCode.UnknownType, $"unknown type '{other}' of a request; known are reset, step, state, mcp and close");
        }
    }

    private async Task<byte[]> ResetAsync(JsonFields data, CancellationToken cancellationToken)
    {
        var reset = ResetRequest.Read(data, options.Value.MaxParamsBytes);
        var episode = await NextAsync(reset, cancellationToken);
        if (episode.Last is not { } last) return OpenEnvFrame.Observation(reward: null, isDone: false, episode.WriteOpening);
        await EvaluateAsync(episode, time.GetTimestamp(), cancellationToken);
        return Answer(episode, last, episode.LastAnswer!, tool: null);
    }

    /// <summary>
    /// Goes on to another episode. The one before ends once that has begun, so that a reset to what the environment does not have costs nothing. It ends first where
    /// there are few slots, for a new one would wait for its slot, and where its tenant may have no more instances.
    /// </summary>
    private async Task<CurrentEpisode> NextAsync(ResetRequest reset, CancellationToken cancellationToken)
    {
        var before = _episode?.InstanceId == reset.InstanceId ? null : _episode;
        if (before is not null && !await starts.HasRoomAsync(environment, cancellationToken)) before = await EndBeforeAsync(before);
        CurrentEpisode next;
        try
        {
            next = await starts.RunAsync(tenant, environment, reset, cancellationToken);
        }
        catch (OpenEnvException exception) when (before is not null && (exception.Code == OpenEnvCode.Session || exception.Outcome is CommandOutcome.Rejected { Reason: CommandReason.OverLimit }))
        {
            before = await EndBeforeAsync(before);
            if (exception.Code == OpenEnvCode.Session) throw;
            next = await starts.RunAsync(tenant, environment, reset, cancellationToken);
        }

        _episode = next;
        if (before is not null) await ends.RunAsync(tenant, before.InstanceId, CancellationToken.None);
        return next;
    }

    /// <summary>A client that leaves meanwhile leaves no instance behind: the release has a limit of its own.</summary>
    private async Task<CurrentEpisode?> EndBeforeAsync(CurrentEpisode before)
    {
        _episode = null;
        await ends.RunAsync(tenant, before.InstanceId, CancellationToken.None);
        return null;
    }

    private async Task<byte[]> StateAsync(CancellationToken cancellationToken)
    {
        if (_episode is not { } episode)
        {
            return OpenEnvFrame.State(writer =>
            {
                writer.WriteNull("episode_id");
                writer.WriteNumber("step_count", 0);
            });
        }

        await EvaluateAsync(episode, time.GetTimestamp(), cancellationToken);
        return OpenEnvFrame.State(episode.WriteState);
    }

    /// <summary>Asks for the score of an episode that is over, once it has an answer.</summary>
    private async Task EvaluateAsync(CurrentEpisode episode, long begun, CancellationToken cancellationToken)
    {
        if (episode.IsDone) episode.Evaluation ??= await scores.FindAsync(tenant, episode.InstanceId, options.Value.CommandTimeout - time.GetElapsedTime(begun), cancellationToken);
    }

    private async Task<byte[]> StepAsync(JsonFields request, CancellationToken cancellationToken)
    {
        var action = StepAction.Read(request);
        if (action.AsksForTools)
        {
            var tools = await ToolsAsync(cancellationToken);
            return OpenEnvFrame.Observation(reward: null, _episode?.IsDone == true, writer => tools.Write(writer, "input_schema"));
        }

        var (answer, json) = await TakeAsync(action, cancellationToken);
        return Answer(_episode!, answer, json, action.Tool);
    }

    /// <summary>The tools of the episode; before the first reset, those that the environment's tasks share.</summary>
    internal async Task<OfferedTools> ToolsAsync(CancellationToken cancellationToken)
    {
        if (_episode is { } episode) return episode.Tools;
        var (tools, refused) = await shared.FindAsync(tenant, environment, cancellationToken);
        return tools ?? throw OpenEnvException.Of(OpenEnvCode.OfCreate(refused!), refused!);
    }

    /// <summary>The name of the instance, for whoever has to name the session.</summary>
    internal string RequireInstance() => Require().InstanceId;

    /// <summary>
    /// Takes a step. It carries the number that it has to have, so that one whose end is unknown is taken once, however often it is sent; in a durable session the client says the
    /// number, for a new connection does not know what the one before has sent.
    /// </summary>
    internal async Task<(AnswerText Answer, byte[] Json)> TakeAsync(StepAction action, CancellationToken cancellationToken)
    {
        var episode = Require();
        if (episode.IsDurable && action.Number is null) throw new BadRequestException($"a step of a durable session says its number: step, an integer; the next is {episode.Steps + 1}");
        var number = action.Number ?? episode.Steps + 1;
        var step = new StepInstance
        {
            CommandId = Guid.CreateVersion7().ToString("n"),
            Tenant = tenant,
            RemainingMs = (int)options.Value.CommandTimeout.TotalMilliseconds,
            InstanceId = episode.InstanceId,
            Action = action.Message(episode.Tools, number),
            ExpectedStep = number,
        };
        var begun = time.GetTimestamp();
        var outcome = await router.SendAsync(step, cancellationToken);
        if (outcome is not CommandOutcome.Completed completed) throw OpenEnvException.Of(OpenEnvCode.OfStep(outcome), outcome);
        var answer = AnswerText.Of(completed.Answer);
        episode.Take(answer, completed.Answer);
        await EvaluateAsync(episode, begun, cancellationToken);
        return (answer, completed.Answer);
    }

    private CurrentEpisode Require() => _episode ?? throw new OpenEnvException(
        OpenEnvCode.Session, "there is no episode on this connection: send a reset. A new connection does not go on with the episode of another, unless a reset names a durable session (instance_id)");

    private static byte[] Answer(CurrentEpisode episode, AnswerText answer, byte[] json, string? tool) => OpenEnvFrame.Observation(answer.Reward, answer.IsTerminated, writer =>
    {
        EpisodeJson.WriteStep(writer, answer, json, tool);
        if (answer.IsTerminated) EpisodeScore.Write(writer, episode.Evaluation);
    });

    [LoggerMessage(LogLevel.Warning, "an OpenEnv request for {Environment} failed: the database cannot be reached")]
    private partial void DatabaseAway(string environment, Exception failure);

    [LoggerMessage(LogLevel.Error, "an OpenEnv request for {Environment} failed")]
    private partial void Failed(string environment, Exception failure);
}
