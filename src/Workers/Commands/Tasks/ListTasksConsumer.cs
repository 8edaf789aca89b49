using SandQueue.Contracts;
using SandQueue.Transport.Receiving;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Replies;

namespace SandQueue.Workers.Commands.Tasks;

/// <summary>
/// Lists the tasks of a split. Any worker that serves the environment can: the list is the data's, not an instance's. Returns at once,
/// as for every other command: a server that takes long must not hold the messages of the shared entry up.
/// </summary>
internal sealed class ListTasksConsumer(EnvironmentPools pools, ReplyOutbox replies, TimeProvider time) : IReceiver<Envelope<ListTasks>>
{
    public Task ReceiveAsync(Envelope<ListTasks> message, Uri? replyTo, CancellationToken cancellationToken)
    {
        foreach (var command in message.Commands) _ = AnswerAsync(command, replyTo);
        return Task.CompletedTask;
    }

    private async Task AnswerAsync(ListTasks command, Uri? replyTo) => replies.Send(replyTo, await ListAsync(command));

    private async Task<CommandReply> ListAsync(ListTasks command)
    {
        if (!pools.TryGet(command.EnvType, out var pool)) return CommandReply.Rejected(command, CommandReason.InvalidRequest, $"this worker does not serve '{command.EnvType}'");

        var clock = new CommandClock(command, time);
        using var limit = new CancellationTokenSource(clock.Left, time);
        try
        {
            var answer = await ListAsync(pool, command, limit.Token);
            return CommandReply.Completed(command, answer.ToArray(), clock.Elapsed.TotalMilliseconds);
        }
        catch (EnvironmentRejectedException exception)
        {
            return CommandReply.Rejected(command, CommandReason.InvalidRequest, exception.Message);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return CommandReply.Expired(command, $"the environment '{command.EnvType}' did not list its tasks in time");
        }
        catch (Exception exception)
        {
            return CommandReply.Failed(command, $"the tasks of '{command.EnvType}' could not be listed: {exception.Message}");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ListAsync(ContainerPool pool, ListTasks command, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var container = await pool.AnyAsync(cancellationToken);
            try
            {
                return await pool.Protocol.ListTasksAsync(container, command.EnvType, command.Split, cancellationToken);
            }
            catch (EnvironmentFailedException) when (isFirst && container.Exited.IsCancellationRequested)
            {
                // A container without instances may be replaced at any time, and who lists tasks has none in it.
            }
        }
    }
}
