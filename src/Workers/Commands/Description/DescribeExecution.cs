using System.Diagnostics;
using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Ownership;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Recovery;

namespace SandQueue.Workers.Commands.Description;

/// <summary>Answers get_info from the environment as it stands. Changes nothing, so nothing is journaled.</summary>
internal sealed class DescribeExecution(InstanceRebuild rebuild) : ICommandExecution<DescribeInstance>
{
    public async Task<CommandReply?> ExecuteAsync(InstanceOwner owner, DescribeInstance command, CancellationToken cancel)
    {
        owner.Touch();
        if (await rebuild.EnsureAsync(owner, command, cancel) is { } unable) return unable;
        try
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await owner.Environment!.DescribeAsync(command.Messages, command.Params, cancel);
            return Reply.Completed(command, answer.ToArray(), Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (EnvironmentRejectedException mistake)
        {
            return Reply.Rejected(command, CommandReason.InvalidRequest, mistake.Message);
        }
        catch (EnvironmentFailedException failure)
        {
            owner.Disconnect();
            return Reply.Failed(command, failure.Message);
        }
        catch (OperationCanceledException)
        {
            return Reply.Expired(command, "the environment did not answer in time");
        }
    }
}
