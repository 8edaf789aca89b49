using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Recovery;

/// <summary>
/// Calls an instance's environment. Where its container dies or hangs meanwhile, the instance is rebuilt and the call made
/// again: nothing was journaled of it, so it has not taken effect. Where the call may itself be the reason, it is made
/// alone: what happens again then is that call's doing, and what does not was ours.
/// </summary>
internal sealed class RecoveringCall(InstanceRebuild rebuild, WorkerLease lease, TimeProvider time)
{
    /// <summary>Runs within the owner's mailbox, on an instance that is ready.</summary>
    /// <param name="owner">The instance.</param>
    /// <param name="command">The command.</param>
    /// <param name="call">The call.</param>
    /// <param name="missing">What there is not where the call failed: "There is no score".</param>
    /// <param name="cancellationToken">Ends with the command's time.</param>
    public async Task<CallOutcome> RunAsync(InstanceOwner owner, Command command, EnvironmentAction call, string missing, CancellationToken cancellationToken)
    {
        for (var again = false; ; again = true)
        {
            var started = time.GetTimestamp();
            try
            {
                var answer = await owner.CallAsync(call, cancellationToken);
                return new CallOutcome(answer, EnvironmentMs: time.GetElapsedTime(started).TotalMilliseconds);
            }
            catch (EnvironmentRejectedException exception)
            {
                return new CallOutcome(Reply: CommandReply.Rejected(command, CommandReason.InvalidRequest, exception.Message));
            }
            catch (OperationCanceledException)
            {
                owner.Disconnect();
                return new CallOutcome(Reply: CommandReply.Expired(
                    command, $"the environment did not answer in time. {missing}; {Afterwards(owner)}"));
            }
            catch (EnvironmentFailedException exception)
            {
                var wasIsolated = owner.IsIsolated;
                var container = owner.Container;
                var (broke, only) = owner.DropAfter(exception);
                // Where this worker ends, its containers do so with it, and that says nothing about the call.
                if (!broke || !owner.Pool.Traits.Replayable || !lease.IsLive)
                {
                    return new CallOutcome(Reply: CommandReply.Failed(command, $"{exception.Message}. {missing}; {Afterwards(owner)}"));
                }

                if (wasIsolated && (again || IsSuspect(owner, command)))
                {
                    var fault = exception is EnvironmentTimeoutException timedOut ? AgentFault.TimedOut(timedOut.Limit) : AgentFault.Died;
                    return owner.Pool.Maturity.Conclude(owner.InstanceId, fault, OneLine.OfEnd(container?.LastOutput ?? "", 500)) is { } conclusion
                        ? new CallOutcome(Reply: CommandReply.Failed(command, $"{conclusion}. {missing}; {Afterwards(owner)}"))
                        : new CallOutcome(Fault: fault);
                }

                Suspect(owner, command);
                var ready = await rebuild.EnsureAsync(owner, command, cancellationToken, isolated: only || again);
                if (!ready.IsReady) return new CallOutcome(Reply: ready.Reply);
            }
        }
    }

    /// <summary>Whether a try of the same action before this command was cut off by the end of its container, or by its time.</summary>
    public static bool IsSuspect(InstanceOwner owner, Command command) =>
        command is StepInstance step && owner.Suspect is { } suspect && suspect.Step == owner.NextStep && suspect.Action.AsSpan().SequenceEqual(step.Action);

    private static string Afterwards(InstanceOwner owner) => owner.Pool.Traits.Replayable
        ? "the instance is rebuilt from its journal with its next command"
        : $"the instance is lost, for '{owner.EnvType}' cannot be replayed";

    private static void Suspect(InstanceOwner owner, Command command)
    {
        if (command is StepInstance step) owner.Suspect = (owner.NextStep, step.Action);
    }
}
