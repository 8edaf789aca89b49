using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Recovery;

namespace SandQueue.Workers.Commands.Description;

/// <summary>Answers get_info from the environment as it stands. Changes nothing, so nothing is journaled.</summary>
internal sealed class DescribeExecution(InstanceRebuild rebuild, RecoveringCall calls) : ICommandExecution<DescribeInstance>
{
    public async Task<CommandReply?> ExecuteAsync(InstanceOwner owner, DescribeInstance command, CommandClock clock, CancellationToken cancellationToken)
    {
        owner.Touch();
        var ready = await rebuild.EnsureAsync(owner, command, cancellationToken);
        if (!ready.IsReady) return ready.Reply;
        var outcome = await calls.RunAsync(
            owner, command, (environment, limit) => environment.DescribeAsync(command.Messages, command.Params, limit), "There is no answer", cancellationToken);
        if (outcome.Fault is { } fault) return CommandReply.Failed(command, $"the environment was asked twice: {fault}");
        return outcome.Answer is { } answer ? CommandReply.Completed(command, answer.ToArray(), outcome.EnvironmentMs) : outcome.Reply;
    }
}
