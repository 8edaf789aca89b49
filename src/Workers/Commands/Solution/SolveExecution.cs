using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Recovery;

namespace SandQueue.Workers.Commands.Solution;

/// <summary>Asks the environment for the way from the state as it stands to its maximum. Changes nothing, so nothing is journaled.</summary>
internal sealed class SolveExecution(RecoveringCall calls) : ICommandExecution<SolveInstance>
{
    public async Task<OwnerResult> ExecuteAsync(InstanceOwner owner, SolveInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        owner.Use();
        if (await calls.ReadyAsync(owner, command, cancellationToken) is Readiness.NotReady { Result: var result }) return result;
        var outcome = await calls.RunAsync(owner, command, (environment, limit) => environment.SolveAsync(limit), "There is no solution", cancellationToken);
        return outcome switch
        {
            CallOutcome.Answered answered => CommandReply.Completed(command, answered.Data.ToArray(), answered.EnvironmentMs),
            CallOutcome.Fault fault => CommandReply.Failed(command, $"the environment was asked twice: {fault.What}"),
            _ => ((CallOutcome.Ended)outcome).Result,
        };
    }
}
