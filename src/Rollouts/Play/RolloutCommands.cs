using SandQueue.Contracts;
using SandQueue.Rollouts.Settings;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Play;

/// <summary>
/// The commands of one attempt of a rollout. Their ids are made of its own, so that another worker which goes on with it sends the same commands and gets the
/// recorded answers: <c>rollout-ID-ATTEMPT</c> with <c>:create</c>, the number of the step, <c>:evaluate</c>, <c>:release</c> behind it.
/// </summary>
internal sealed class RolloutCommands(RolloutAssignment rollout, ICommandRouter router, CommandRepetition repetition, RolloutOptions options)
{
    private static readonly byte[] WithDetails = "{\"sparse\":false}"u8.ToArray();

    private readonly string _key = InstanceIdOf(rollout);

    /// <summary>The instance's name.</summary>
    public string InstanceId => _key;

    /// <summary>The name of the instance of a rollout's attempt.</summary>
    public static string InstanceIdOf(RolloutAssignment rollout) => InstanceIdOf(rollout.RolloutId, rollout.Attempt);

    /// <inheritdoc cref="InstanceIdOf(RolloutAssignment)"/>
    public static string InstanceIdOf(string rolloutId, int attempt) => $"rollout-{rolloutId}-{attempt}";

    public Task<CommandOutcome> CreateAsync(CancellationToken cancellationToken) =>
        repetition.RunAsync($"{_key}:create", options.CreateTimeout, remaining => router.CreateAsync(Create(remaining), cancellationToken), cancellationToken);

    public Task<CommandOutcome> StepAsync(int step, byte[] action, byte[] parameters, CancellationToken cancellationToken) => SendAsync(
        new StepInstance
        {
            CommandId = $"{_key}:{step}",
            Tenant = rollout.Tenant,
            InstanceId = InstanceId,
            RemainingMs = 0,
            Action = action,
            Params = parameters,
            ExpectedStep = step,
        },
        options.CommandTimeout,
        cancellationToken);

    /// <summary>Scores the episode at its end.</summary>
    /// <param name="as">The evaluation of the episode that is played again, which is repeated with what it was given; null where there is none.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public Task<CommandOutcome> EvaluateAsync(RecordedCommand? @as, CancellationToken cancellationToken) =>
        EvaluateAsync("evaluate", @as?.Action ?? [], @as is { Params.Length: > 0 } ? @as.Params : WithDetails, cancellationToken);

    /// <summary>Repeats an evaluation in the middle of the episode that is played again.</summary>
    /// <param name="step">The step that it came after.</param>
    /// <param name="number">Its number among those, from 1.</param>
    /// <param name="recorded">The evaluation as it is recorded.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public Task<CommandOutcome> EvaluateAfterAsync(int step, int number, RecordedCommand recorded, CancellationToken cancellationToken) =>
        EvaluateAsync($"{step}:evaluate:{number}", recorded.Action, recorded.Params, cancellationToken);

    /// <param name="ofRelease">How often it is tried: a rollout whose time is over is released all the same.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public Task<CommandOutcome> ReleaseAsync(CommandRepetition ofRelease, CancellationToken cancellationToken)
    {
        var release = new ReleaseInstance { CommandId = $"{_key}:release", Tenant = rollout.Tenant, InstanceId = InstanceId, RemainingMs = 0 };
        return ofRelease.RunAsync(
            release.CommandId, options.ReleaseTimeout, remaining => router.SendAsync(release with { RemainingMs = remaining }, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Gives a Create up whose end is not known: it may still wait for a slot. Its end is written as cancelled, and where the instance was made already it is
    /// released, as for any caller that is gone.
    /// </summary>
    public void AbandonCreate() => router.ReportUndelivered(Create((int)options.ReleaseTimeout.TotalMilliseconds) with { HasNoIdempotencyKey = true });

    private CreateInstance Create(int remaining) => new()
    {
        CommandId = $"{_key}:create",
        Tenant = rollout.Tenant,
        InstanceId = InstanceId,
        EnvType = rollout.EnvType,
        TaskId = rollout.TaskId,
        Params = rollout.Params,
        Parent = rollout.Parent,
        RemainingMs = remaining,
    };

    private Task<CommandOutcome> EvaluateAsync(string id, byte[] messages, byte[] parameters, CancellationToken cancellationToken) => SendAsync(
        new EvaluateInstance { CommandId = $"{_key}:{id}", Tenant = rollout.Tenant, InstanceId = InstanceId, RemainingMs = 0, Messages = messages, Params = parameters },
        options.CommandTimeout,
        cancellationToken);

    private Task<CommandOutcome> SendAsync<TCommand>(TCommand command, TimeSpan limit, CancellationToken cancellationToken)
        where TCommand : InstanceCommand =>
        repetition.RunAsync(command.CommandId, limit, remaining => router.SendAsync(command with { RemainingMs = remaining }, cancellationToken), cancellationToken);
}
