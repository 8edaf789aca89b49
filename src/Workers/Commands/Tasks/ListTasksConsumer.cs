using MassTransit;
using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Replies;

namespace SandQueue.Workers.Commands.Tasks;

/// <summary>Lists the tasks of a split. Any worker that serves the environment can: the list is the data's, not an instance's.</summary>
internal sealed class ListTasksConsumer(EnvironmentPools pools, ReplyOutbox replies, TimeProvider time) : IConsumer<Envelope<ListTasks>>
{
    public Task Consume(ConsumeContext<Envelope<ListTasks>> context) =>
        Task.WhenAll(context.Message.Commands.Select(async command => replies.Send(context.ResponseAddress, await ListAsync(command)))).WaitAsync(context.CancellationToken);

    private async Task<CommandReply> ListAsync(ListTasks command)
    {
        if (!pools.TryGet(command.EnvType, out var pool)) return CommandReply.Rejected(command, CommandReason.InvalidRequest, $"this worker does not serve '{command.EnvType}'");

        var clock = new CommandClock(command, time);
        using var limit = new CancellationTokenSource(clock.Left, time);
        try
        {
            var container = await pool.AnyAsync(limit.Token);
            var answer = await pool.Protocol.ListTasksAsync(container, command.EnvType, command.Split, limit.Token);
            return CommandReply.Completed(command, answer.ToArray(), clock.Elapsed.TotalMilliseconds);
        }
        catch (EnvironmentRejectedException exception)
        {
            return CommandReply.Rejected(command, CommandReason.InvalidRequest, exception.Message);
        }
        catch (Exception exception) when (exception is EnvironmentFailedException or ContainerException)
        {
            return CommandReply.Failed(command, exception.Message);
        }
        catch (OperationCanceledException)
        {
            return CommandReply.Expired(command, $"the environment '{command.EnvType}' did not list its tasks in time");
        }
    }
}
