using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Telemetry.Traces;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Recovery.State;

namespace SandQueue.Workers.Recovery;

/// <summary>
/// Calls an instance's environment. Where its container dies or hangs meanwhile, the instance is rebuilt and the call made
/// again: nothing was journaled of it, so it was not executed. Where the call may itself be the reason, it runs in an isolated
/// container: what happens again then is that call's doing, and what does not was ours.
/// </summary>
internal sealed class RecoveringCall(InstanceRebuild rebuild, WorkerLease lease, TimeProvider time)
{
    /// <summary>Makes the instance ready for a command: rebuilt where it has to be, and isolated where the command is suspect.</summary>
    /// <inheritdoc cref="InstanceRebuild.EnsureAsync"/>
    public Task<Readiness> ReadyAsync(InstanceOwner owner, Command command, CancellationToken cancellationToken) =>
        rebuild.EnsureAsync(owner, command, RecoveryState.Of(owner).IsSuspect(command, owner.Position.NextStep), cancellationToken);

    /// <summary>Runs within the owner's mailbox, on an instance that is ready.</summary>
    /// <param name="owner">The instance.</param>
    /// <param name="command">The command.</param>
    /// <param name="call">The call.</param>
    /// <param name="missing">What there is not where the call failed: "There is no score".</param>
    /// <param name="cancellationToken">Ends with the command's time.</param>
    public async Task<CallOutcome> RunAsync(InstanceOwner owner, Command command, EnvironmentAction call, string missing, CancellationToken cancellationToken)
    {
        var recovery = RecoveryState.Of(owner);
        for (var again = false; ; again = true)
        {
            var started = time.GetTimestamp();
            using var span = CommandTrace.Part("call environment", ActivityKind.Client, owner.Pool.Environment);
            try
            {
                var answer = await call(owner.Connection.Required, cancellationToken);
                return new CallOutcome.Answered(answer, time.GetElapsedTime(started).TotalMilliseconds);
            }
            catch (EnvironmentRejectedException exception)
            {
                return new CallOutcome.Ended(CommandReply.Rejected(command, exception.Reason, exception.Message));
            }
            catch (OperationCanceledException)
            {
                owner.Disconnect();
                return new CallOutcome.Ended(CommandReply.Expired(command, $"the environment did not answer in time. {missing}; {Afterwards(owner)}"));
            }
            catch (EnvironmentFailedException exception)
            {
                var failed = owner.Connection.DropAfter(exception);
                // Where this worker ends, its containers do so with it, and that says nothing about the call.
                if (!failed.Broke || !owner.Pool.Traits.Replayable || !lease.IsLive)
                {
                    return new CallOutcome.Ended(CommandReply.Failed(command, $"{exception.Message}. {missing}; {Afterwards(owner)}"));
                }

                if (failed.WasIsolated && (again || recovery.IsSuspect(command, owner.Position.NextStep)))
                {
                    var fault = exception is EnvironmentTimeoutException timedOut ? AgentFault.TimedOut(timedOut.Limit) : AgentFault.Died;
                    return owner.Pool.Maturity.Conclude(owner.Row.InstanceId, fault, OneLine.OfEnd(failed.Container.LastOutput, 500)) is { } conclusion
                        ? new CallOutcome.Ended(CommandReply.Failed(command, $"{conclusion}. {missing}; {Afterwards(owner)}"))
                        : new CallOutcome.Fault(fault);
                }

                recovery.Suspects(command, owner.Position.NextStep);
                var readiness = await rebuild.EnsureAsync(owner, command, isolated: failed.IsOnlySuspect || again, cancellationToken);
                if (readiness is Readiness.NotReady { Result: var result }) return new CallOutcome.Ended(result);
            }
        }
    }

    private static string Afterwards(InstanceOwner owner) => owner.Pool.Traits.Replayable
        ? "the instance is rebuilt from its journal with its next command"
        : $"the instance is lost, for '{owner.Row.EnvType}' cannot be replayed";
}
