using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Recovery;

namespace SandQueue.Workers.Commands.Stepping;

/// <summary>Executes one step: environment, journal, and only then the answer.</summary>
internal sealed class StepExecution(RetryAnswers recorded, UnkeyedRetries repeated, RecoveringCall calls, StepRecording recording) : ICommandExecution<StepInstance>
{
    public async Task<OwnerResult> ExecuteAsync(InstanceOwner owner, StepInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        owner.Use();
        if (await repeated.FindAsync(owner, command, clock, cancellationToken) is { } joined) return joined;
        if (await calls.ReadyAsync(owner, command, cancellationToken) is Readiness.NotReady { Result: var result }) return result;

        var position = owner.Position;
        if (position.IsRecorded(command.CommandId) && await recorded.FindAsync(command, cancellationToken) is { } before) return before;
        if (await UsedBeforeAsync(owner, command, cancellationToken) is { } end) return end;
        if (command.ExpectedStep is { } expected && expected != position.NextStep) return await UnexpectedAsync(owner, command, expected, cancellationToken);
        if (position.EndReason is { } over)
        {
            return CommandReply.Rejected(
                command, CommandReason.EpisodeOver, $"the episode of instance '{owner.InstanceId}' ended with step {position.NextStep - 1} ({over}); evaluate or release it");
        }

        return await StepAsync(owner, command, cancellationToken);
    }

    /// <summary>
    /// A key that another instance or worker used is refused by the journal after the environment took the step. Where the environment can be
    /// replayed that costs a rebuild; where it cannot, the instance would be lost, so the journal is asked first.
    /// </summary>
    private async Task<CommandReply?> UsedBeforeAsync(InstanceOwner owner, StepInstance command, CancellationToken cancellationToken) =>
        command.HasNoIdempotencyKey || owner.Pool.Traits.Replayable ? null : await recorded.FindAsync(command, cancellationToken);

    private async Task<OwnerResult> StepAsync(InstanceOwner owner, StepInstance command, CancellationToken cancellationToken)
    {
        var outcome = await calls.RunAsync(
            owner, command, (environment, limit) => environment.StepAsync(command.Action, command.Params, limit), "The step was not recorded", cancellationToken);
        try
        {
            return outcome switch
            {
                CallOutcome.Answered answered => await recording.RecordAsync(
                    owner, command, Compose(owner, answered.Data), answered.EnvironmentMs, fault: null, cancellationToken),
                CallOutcome.Fault fault => await recording.RecordAsync(
                    owner, command, Compose(owner, AgentFault.Data(fault.What)), environmentMs: 0, fault.What, cancellationToken),
                _ => ((CallOutcome.Ended)outcome).Result,
            };
        }
        catch (EnvironmentFailedException exception)
        {
            owner.Disconnect();
            return CommandReply.Failed(command, $"{exception.Message}. The step was not recorded; the instance is rebuilt from its journal with its next command");
        }
    }

    private static StepAnswer Compose(InstanceOwner owner, ReadOnlyMemory<byte> data) =>
        StepAnswer.Compose(data, owner.Position.NextStep, owner.Position.MaxSteps, owner.Pool.Traits.Canonical);

    private async Task<CommandReply> UnexpectedAsync(InstanceOwner owner, StepInstance command, int expected, CancellationToken cancellationToken) =>
        expected >= 1 && expected < owner.Position.NextStep
            ? await recorded.FindStepAsync(owner, command, expected, cancellationToken)
            : CommandReply.Rejected(
                command, CommandReason.Conflict, $"step {expected} was sent, but the next step of instance '{owner.InstanceId}' is {owner.Position.NextStep}");
}
