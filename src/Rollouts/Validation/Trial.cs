using System.Runtime.InteropServices;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Rollouts.Policies;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Rollouts.Validation;

/// <summary>
/// Plays a task once: creates, steps, evaluates and releases. It keeps what every command answered, which no rollout does, because a second play has to
/// repeat it.
/// </summary>
internal sealed class Trial(ICommandRouter router, TimeProvider time, string tenant, string envType, string taskId)
{
    /// <summary>How long one command may take, the wait for a slot included.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(200);

    private readonly string _instance = $"validation-{Guid.CreateVersion7():n}";
    private readonly List<byte[]> _answers = [];
    private double? _maximum;
    private int _commands;

    /// <summary>Plays it with a policy's actions to the end of the episode, or until the policy stops.</summary>
    /// <param name="policy">Decides, made for this play.</param>
    /// <param name="mostSteps">How many steps at most.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<TrialResult> PlayAsync(IPolicy policy, int mostSteps, CancellationToken cancellationToken)
    {
        try
        {
            var opening = await SendAsync(Create, cancellationToken);
            try
            {
                return await PlayAsync(policy, mostSteps, opening, cancellationToken);
            }
            finally
            {
                await ReleaseAsync();
            }
        }
        catch (Exception exception) when (exception is TrialException or PolicyException)
        {
            var isInfrastructure = exception is TrialException { IsInfrastructure: true } or PolicyException { IsInfrastructure: true };
            return new TrialResult(null, exception.Message, _answers, _maximum) { IsInfrastructure = isInfrastructure };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new TrialResult(null, $"an answer is in no form that is known: {OneLine.Of(exception.Message)}", _answers, _maximum);
        }
    }

    private async Task<TrialResult> PlayAsync(IPolicy policy, int mostSteps, byte[] opening, CancellationToken cancellationToken)
    {
        using var created = JsonDocument.Parse(opening);
        var tools = created.RootElement.GetProperty("info").TryGetProperty("tools", out var offered) ? offered : default;
        _answers.Add(Raw(created.RootElement.GetProperty("state")));
        if (tools.ValueKind != JsonValueKind.Undefined) _answers.Add(Raw(tools));
        IReadOnlyList<JsonElement> functions = tools.ValueKind == JsonValueKind.Array ? [.. tools.EnumerateArray()] : [];
        for (var (step, isOver) = (1, false); !isOver && step <= mostSteps && await DecideAsync(policy, functions, step, cancellationToken) is { } action; step++)
        {
            var number = step;
            var answer = await SendAsync(
                (id, remaining) => router.SendAsync(
                    new StepInstance { CommandId = id, Tenant = tenant, InstanceId = _instance, RemainingMs = remaining, Action = action, ExpectedStep = number }, cancellationToken),
                cancellationToken);
            _answers.Add(answer);
            using var taken = JsonDocument.Parse(answer);
            isOver = taken.RootElement.GetProperty("is_terminated").ValueKind == JsonValueKind.True;
        }

        var evaluation = await SendAsync(
            (id, remaining) => router.SendAsync(
                new EvaluateInstance { CommandId = id, Tenant = tenant, InstanceId = _instance, RemainingMs = remaining, Params = "{\"sparse\":true}"u8.ToArray() }, cancellationToken),
            cancellationToken);
        _answers.Add(evaluation);
        using var score = JsonDocument.Parse(evaluation);
        return score.RootElement.ValueKind == JsonValueKind.Number && score.RootElement.TryGetDouble(out var value) && double.IsFinite(value)
            ? new TrialResult(value, null, _answers, _maximum)
            : new TrialResult(null, "its evaluation gave no number", _answers, _maximum);

        static byte[] Raw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();
    }

    private async Task<byte[]?> DecideAsync(IPolicy policy, IReadOnlyList<JsonElement> tools, int step, CancellationToken cancellationToken)
    {
        var turn = await policy.DecideAsync(new PolicyEpisode(_instance, taskId, Messages: [], tools, step, ToolMessages: [], Limit), cancellationToken);
        if (step == 1 && turn.StopReason == StopReasons.SolutionOver) throw new PolicyException("the environment knows no solution of this task", isRetryable: false);

        // Of what is played here a solution alone comes with an answer.
        if (turn.Answer.Length > 0) _maximum ??= Solution.Read(turn.Answer).Maximum;
        return turn.Action;
    }

    private Task<CommandOutcome> Create(string id, int remaining) => router.CreateAsync(
        new CreateInstance { CommandId = id, Tenant = tenant, InstanceId = _instance, EnvType = envType, TaskId = taskId, RemainingMs = remaining }, CancellationToken.None);

    /// <summary>Sends a command again under its id while its end is not known, or there is no room.</summary>
    private async Task<byte[]> SendAsync(Func<string, int, Task<CommandOutcome>> send, CancellationToken cancellationToken)
    {
        var (id, began) = ($"{_instance}:{_commands++}", time.GetTimestamp());
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = Limit - time.GetElapsedTime(began);
            CommandOutcome outcome = new CommandOutcome.Unknown();
            try
            {
                outcome = await send(id, (int)Math.Max(1, left.TotalMilliseconds));
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                // The database is away: the command was not sent, and is sent again.
            }

            if (outcome is CommandOutcome.Completed completed) return completed.Answer;
            var isTried = outcome is CommandOutcome.Unknown or CommandOutcome.Refusal { Reason: CommandReason.NoCapacity or CommandReason.OverLimit or CommandReason.OwnerChanged or CommandReason.OtherVersion };
            if (!isTried || time.GetElapsedTime(began) + Backoff >= Limit)
            {
                throw new TrialException(outcome is CommandOutcome.Refusal refusal ? refusal.Detail : $"command '{id}' has no end that is known; ask again")
                {
                    IsInfrastructure = isTried || outcome is CommandOutcome.Expired or CommandOutcome.Failed { Reason: CommandReason.Lost or CommandReason.TimedOut },
                };
            }

            await Task.Delay(Backoff, time, cancellationToken);
        }
    }

    /// <summary>Whatever ends the play, nothing of it is left behind; what cannot be released now, the sweep releases.</summary>
    private async Task ReleaseAsync()
    {
        var release = new ReleaseInstance { CommandId = $"{_instance}:release", Tenant = tenant, InstanceId = _instance, RemainingMs = (int)TimeSpan.FromSeconds(10).TotalMilliseconds };
        try
        {
            await router.SendAsync(release, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            // Said above.
        }
    }

    /// <summary>A command did not complete.</summary>
    private sealed class TrialException(string message) : Exception(message)
    {
        public bool IsInfrastructure { get; init; }
    }
}
