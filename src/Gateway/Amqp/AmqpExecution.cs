using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Amqp;

/// <summary>Executes the command in one message, and says how it ended to whoever should know.</summary>
internal sealed class AmqpExecution(ICommandRouter router, IKeyRing keys, IOptions<GatewayOptions> options)
{
    /// <returns>False where nothing was sent and nobody waits: the message should come again.</returns>
    public async Task<bool> ExecuteAsync(AmqpMessage message, AmqpPublisher publisher, CancellationToken cancellationToken)
    {
        var access = await keys.FindAsync(message.ApiKey, cancellationToken);
        Command command;
        try
        {
            command = Read(message, access);
        }
        catch (BadRequestException exception)
        {
            await RefuseAsync(message, access, AmqpAnswer.Malformed(message.MessageId, exception.Message), exception.Message, publisher, cancellationToken);
            return true;
        }

        CommandOutcome outcome;
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

        if (message.ReplyTo is not null) await publisher.ReplyAsync(message, AmqpAnswer.Of(command, outcome), cancellationToken);
        else if (outcome is CommandOutcome.Unknown) return false;
        else await publisher.AnnounceAsync(command, outcome, AmqpAnswer.Of(command, outcome), cancellationToken);
        return true;
    }

    private Task<CommandOutcome> SendAsync(Command command, CancellationToken cancellationToken) => command switch
    {
        ListTasks list => router.ListTasksAsync(list, cancellationToken),
        CreateInstance create => router.CreateAsync(create, cancellationToken),
        StepInstance step => router.SendAsync(step, cancellationToken),
        EvaluateInstance evaluate => router.SendAsync(evaluate, cancellationToken),
        DescribeInstance describe => router.SendAsync(describe, cancellationToken),
        _ => router.SendAsync((ReleaseInstance)command, cancellationToken),
    };

    /// <summary>Only where the tenant is known is its queue known to be its own.</summary>
    private Task RefuseAsync(AmqpMessage message, Access? access, byte[] answer, string reason, AmqpPublisher publisher, CancellationToken cancellationToken) =>
        message.ReplyTo is { } queue && access is not null && MayReply(queue, access.Tenant)
            ? publisher.ReplyAsync(message, answer, cancellationToken)
            : publisher.PutAsideAsync(message, reason, cancellationToken);

    /// <summary>
    /// The gateway may write to queues that the trainer may not, so that a reply into a queue of another trainer's could forge that one's rewards. Names that
    /// the broker gives cannot be guessed. Without keys everybody is one tenant.
    /// </summary>
    private bool MayReply(string queue, Tenant tenant) =>
        !queue.StartsWith(AmqpNames.OwnPrefix, StringComparison.OrdinalIgnoreCase)
        && (keys.IsOpen || queue.StartsWith("amq.rabbitmq.reply-to", StringComparison.Ordinal) || queue.StartsWith("amq.gen-", StringComparison.Ordinal)
            || queue.StartsWith($"{tenant.Name}.", StringComparison.Ordinal));

    /// <exception cref="BadRequestException">The message is no command that its sender may send.</exception>
    private Command Read(AmqpMessage message, Access? access)
    {
        var tenant = access?.Tenant ?? throw new BadRequestException($"the header {AmqpNames.ApiKey} is missing, or no API key of this gateway");
        if (message.ReplyTo is { } queue && !MayReply(queue, tenant))
        {
            throw new BadRequestException($"reply_to is '{queue}'; use amq.rabbitmq.reply-to, a queue that the broker named, or one whose name begins with '{tenant.Name}.'");
        }

        message.RequireJson();
        if (message.Length > options.Value.MaxBodyBytes) throw new BadRequestException($"the message has {message.Length} bytes; at most {options.Value.MaxBodyBytes} are taken (Gateway:MaxBodyBytes)");
        using var body = RequestBody.Parse(message.Body);
        var command = AmqpCommandReader.Read(body.Fields, message.MessageId, tenant.Id, message.Remaining(options.Value.CommandTimeout), options.Value.MaxParamsBytes);
        return access.Scope == KeyScope.Read && command is not (ListTasks or DescribeInstance)
            ? throw new BadRequestException("this key may only read: profile and get_info")
            : command;
    }
}
