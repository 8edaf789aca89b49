using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Amqp;

/// <summary>Executes the command in one message, and says how it ended to whoever should know.</summary>
internal sealed class AmqpExecution(ICommandRouter router, ApiKeys keys, IOptions<GatewayOptions> options)
{
    /// <returns>False where nothing was sent and nobody waits: the message should come again.</returns>
    public async Task<bool> ExecuteAsync(AmqpMessage message, AmqpPublisher publisher, CancellationToken cancellationToken)
    {
        Command command;
        try
        {
            command = Read(message);
        }
        catch (BadRequestException exception)
        {
            await RefuseAsync(message, AmqpAnswer.Malformed(message.MessageId, exception.Message), exception.Message, publisher, cancellationToken);
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

    private static Task RefuseAsync(AmqpMessage message, byte[] answer, string reason, AmqpPublisher publisher, CancellationToken cancellationToken) =>
        message.ReplyTo is null || IsOurs(message.ReplyTo)
            ? publisher.PutAsideAsync(message, reason, cancellationToken)
            : publisher.ReplyAsync(message, answer, cancellationToken);

    private static bool IsOurs(string queue) => queue.StartsWith(AmqpNames.OwnPrefix, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="BadRequestException">The message is no command that its sender may send.</exception>
    private Command Read(AmqpMessage message)
    {
        if (message.ReplyTo is { } queue && IsOurs(queue)) throw new BadRequestException($"reply_to is '{queue}'; names that begin with '{AmqpNames.OwnPrefix}' are SandQueue's own");
        var tenant = keys.TenantOf(message.ApiKey) ?? throw new BadRequestException($"the header {AmqpNames.ApiKey} is missing, or no API key of this gateway");
        message.RequireJson();
        if (message.Body.Length > options.Value.MaxBodyBytes) throw new BadRequestException($"the message has {message.Body.Length} bytes; at most {options.Value.MaxBodyBytes} are taken (Gateway:MaxBodyBytes)");
        using var body = RequestBody.Parse(message.Body);
        return AmqpCommandReader.Read(body.Fields, message.MessageId, tenant.Id, message.Remaining(options.Value.CommandTimeout), options.Value.MaxParamsBytes);
    }
}
