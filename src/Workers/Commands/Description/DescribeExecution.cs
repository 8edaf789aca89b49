using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Recovery;

namespace SandQueue.Workers.Commands.Description;

/// <summary>Answers get_info from the environment as it stands. Changes nothing, so nothing is journaled.</summary>
internal sealed class DescribeExecution(RecoveringCall calls) : ICommandExecution<DescribeInstance>
{
    public async Task<OwnerResult> ExecuteAsync(InstanceOwner owner, DescribeInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        owner.Use();
        if (await calls.ReadyAsync(owner, command, cancellationToken) is Readiness.NotReady { Result: var result }) return result;
        var outcome = await calls.RunAsync(
            owner, command, (environment, limit) => environment.DescribeAsync(command.Messages, command.Params, limit), "There is no answer", cancellationToken);
        return outcome switch
        {
            CallOutcome.Answered answered => CommandReply.Completed(command, answered.Data.ToArray(), answered.EnvironmentMs),
            CallOutcome.Fault fault => CommandReply.Failed(command, $"the environment was asked twice: {fault.What}"),
            _ => ((CallOutcome.Ended)outcome).Result,
        };
    }
}
