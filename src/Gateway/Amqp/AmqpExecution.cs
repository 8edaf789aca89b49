using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Amqp.Sharing;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Routing.Outcomes;
using SandQueue.Routing;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Telemetry.Traces;

namespace SandQueue.Gateway.Amqp;

/// <summary>Executes the command in one message, and says how it ended to whoever should know.</summary>
/// <param name="router">The command core.</param>
/// <param name="senders">Says whose a message is.</param>
/// <param name="shares">How much of a tenant runs.</param>
/// <param name="metrics">Counts.</param>
/// <param name="options">The gateway's settings.</param>
/// <param name="time">The clock.</param>
/// <param name="batches">Makes batches; null where this gateway makes none.</param>
internal sealed class AmqpExecution(ICommandRouter router, AmqpSenders senders, TenantShares shares, AmqpMetrics metrics, IOptions<GatewayOptions> options, TimeProvider time, AmqpBatches? batches = null)
{
    /// <returns>False where nothing was sent and nobody waits: the message should come again.</returns>
    public async Task<bool> ExecuteAsync(AmqpMessage message, AmqpPublisher publisher, CancellationToken cancellationToken)
    {
        if (await senders.FindAsync(message, cancellationToken) is not { } access)
        {
            await publisher.PutAsideAsync(message, "unauthenticated", senders.Refusal(message), cancellationToken);
            return true;
        }

        if (message.ReplyTo is { } queue && !MayReply(queue, access.Tenant))
        {
            var reason = $"reply_to is '{queue}'; use amq.rabbitmq.reply-to, a queue that the broker named, or one whose name begins with '{access.Tenant.Name}.'";
            await publisher.PutAsideAsync(message, "reply_to", reason, cancellationToken);
            return true;
        }

        Command command;
        try
        {
            command = Read(message, access);
        }
        catch (BadRequestException exception)
        {
            if (message.ReplyTo is null) await publisher.PutAsideAsync(message, "malformed", exception.Message, cancellationToken);
            else await publisher.ReplyAsync(message, AmqpAnswer.Malformed(message.MessageId, exception.Message), cancellationToken);
            return true;
        }

        if (message.HasWaited) return await ExecuteWaitedAsync(message, command, publisher, cancellationToken);
        using var place = shares.TryEnter(command);
        if (place is not null) return await ExecuteAsync(message, command, publisher, cancellationToken);
        await MoveAsync(message, command, publisher, cancellationToken);
        return true;
    }

    /// <summary>The broker counts a caller's time in its queues alone.</summary>
    private async Task<bool> ExecuteWaitedAsync(AmqpMessage message, Command command, AmqpPublisher publisher, CancellationToken cancellationToken)
    {
        var came = time.GetTimestamp();
        using var place = await shares.EnterAsync(command, cancellationToken);
        var waited = message.Expiration is null ? 0 : (int)time.GetElapsedTime(came).TotalMilliseconds;
        return await ExecuteAsync(message, command with { RemainingMs = Math.Max(1, command.RemainingMs - waited) }, publisher, cancellationToken);
    }

    private async Task<bool> ExecuteAsync(AmqpMessage message, Command command, AmqpPublisher publisher, CancellationToken cancellationToken)
    {
        using var span = CommandTrace.Arrive("receive command", message.TraceParent);
        CommandOutcome? outcome = null;
        metrics.Began();
        try
        {
            outcome = await SendAsync(command, cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            if (message.ReplyTo is null) return false;
            var detail = "the database cannot be reached; the command was not sent. Send it again under the same message_id";
            await publisher.ReplyAsync(message, AmqpAnswer.Refused(message.MessageId, CommandReason.NoCapacity, detail), cancellationToken);
            return true;
        }
        finally
        {
            metrics.Ended(command, outcome);
        }

        if (message.ReplyTo is null && outcome is CommandOutcome.Unknown) return false;
        await TellAsync(message, command, outcome, publisher, cancellationToken);
        return true;
    }

    private static Task TellAsync(AmqpMessage message, Command command, CommandOutcome outcome, AmqpPublisher publisher, CancellationToken cancellationToken)
    {
        var answer = AmqpAnswer.Of(command, outcome);
        return message.ReplyTo is null
            ? publisher.AnnounceAsync(command, outcome, answer, cancellationToken)
            : publisher.ReplyAsync(message, answer, cancellationToken);
    }

    /// <summary>What a full queue does not take was not sent, and may be sent again.</summary>
    private static async Task MoveAsync(AmqpMessage message, Command command, AmqpPublisher publisher, CancellationToken cancellationToken)
    {
        if (await publisher.TryMoveAsync(message, WaitingQueues.Of(command), cancellationToken)) return;
        var refused = new CommandOutcome.Rejected(CommandReason.NoCapacity, "too many commands wait already, and this one was not sent; send it again later under the same message_id");
        await TellAsync(message, command, refused, publisher, cancellationToken);
    }

    private Task<CommandOutcome> SendAsync(Command command, CancellationToken cancellationToken) => command switch
    {
        ListTasks list => router.ListTasksAsync(list, cancellationToken),
        CreateInstance create => router.CreateAsync(create, cancellationToken),
        StepInstance step => router.SendAsync(step, cancellationToken),
        EvaluateInstance evaluate => router.SendAsync(evaluate, cancellationToken),
        DescribeInstance describe => router.SendAsync(describe, cancellationToken),
        BatchCommand batch => batches?.CreateAsync(batch, cancellationToken) ?? throw new InvalidOperationException("this gateway makes no batches"),
        _ => router.SendAsync((ReleaseInstance)command, cancellationToken),
    };

    /// <summary>
    /// The gateway may write to queues that the trainer may not, so that a reply into a queue of another trainer's could forge that one's rewards. Names that
    /// the broker gives cannot be guessed. Where nobody has to say who they are, everybody is one tenant.
    /// </summary>
    private bool MayReply(string queue, Tenant tenant) =>
        !queue.StartsWith(AmqpNames.OwnPrefix, StringComparison.OrdinalIgnoreCase)
        && (senders.AreOneTenant || queue.StartsWith("amq.rabbitmq.reply-to", StringComparison.Ordinal) || queue.StartsWith("amq.gen-", StringComparison.Ordinal)
            || queue.StartsWith($"{tenant.Name}.", StringComparison.Ordinal));

    /// <exception cref="BadRequestException">The message is no command, or none that its sender may send.</exception>
    private Command Read(AmqpMessage message, Access access)
    {
        message.RequireJson();
        if (message.Length > options.Value.MaxBodyBytes) throw new BadRequestException($"the message has {message.Length} bytes; at most {options.Value.MaxBodyBytes} are taken (Gateway:MaxBodyBytes)");
        using var body = RequestBody.Parse(message.Body);
        var command = AmqpCommandReader.Read(body.Fields, message.MessageId, access.Tenant.Id, message.Remaining(options.Value.CommandTimeout), options.Value.MaxParamsBytes);
        return access.Scope == KeyScope.Read && command is not (ListTasks or DescribeInstance)
            ? throw new BadRequestException("this key may only read: profile and get_info")
            : command;
    }
}
