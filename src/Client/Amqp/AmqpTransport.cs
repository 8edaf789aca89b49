using System.Globalization;
using System.Text.Json;
using RabbitMQ.Client;
using SandQueue.Client.Commands;

namespace SandQueue.Client.Amqp;

/// <summary>Carries commands to the farm's gateways by its broker. A connection that broke is opened again by the next attempt.</summary>
internal sealed class AmqpTransport(AmqpBroker broker, string? apiKey) : ITransport
{
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _lock = new();
    private Task<AmqpLink>? _link;

    public async Task<Reply> SendAsync(Command command, TimeSpan time, CancellationToken cancellationToken)
    {
        var (link, refusal) = await OpenAsync(cancellationToken);
        if (link is null) return Reply.Refused(refusal!);
        var (properties, body, reply) = (Properties(command, time), AmqpMessages.Body(command), Array.Empty<byte>());
        if (command.HasNoReply) refusal = await link.PublishAsync(properties, body, cancellationToken);
        else (reply, refusal) = await link.AskAsync(properties, body, cancellationToken);
        if (refusal is not null) return Reply.Refused(refusal);
        return command.HasNoReply ? Reply.Completed(default) : AmqpMessages.Reply(reply);
    }

    /// <summary>Each is a message of its own.</summary>
    public IEnumerable<IReadOnlyList<Step>> Parts(IReadOnlyList<Step> steps) => steps.Select(step => (IReadOnlyList<Step>)[step]);

    public async Task<IReadOnlyList<Reply>> StepPartAsync(IReadOnlyList<Step> steps, TimeSpan time, CancellationToken cancellationToken) => [await SendAsync(steps.Single(), time, cancellationToken)];

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        Task<AmqpLink>? link;
        lock (_lock) link = _link;
        if (link is not null)
        {
            try
            {
                await (await link).DisposeAsync();
            }
            catch (Exception)
            {
                // It was not open, and is not wanted any more.
            }
        }

        _over.Dispose();
    }

    private async Task<(AmqpLink? Link, Refusal? Refusal)> OpenAsync(CancellationToken cancellationToken)
    {
        Task<AmqpLink> opening;
        lock (_lock)
        {
            // One opens it for all that wait.
            if (_link is null || (_link.IsCompleted && (!_link.IsCompletedSuccessfully || !_link.Result.IsOpen))) _link = ReplaceAsync(_link);
            opening = _link;
        }

        try
        {
            return (await opening.WaitAsync(cancellationToken), null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nothing was sent, whether the time was over or the caller gave up, who gets no answer anyway.
            return (null, Refusal.Unreachable($"{broker.Name}: no connection was open in time"));
        }
        catch (Exception exception)
        {
            ObjectDisposedException.ThrowIf(_over.IsCancellationRequested, this);
            return (null, AmqpFailures.OfOpening(broker.Name, exception));
        }
    }

    private async Task<AmqpLink> ReplaceAsync(Task<AmqpLink>? old)
    {
        await Task.Yield();
        if (old is { IsCompletedSuccessfully: true }) await old.Result.DisposeAsync();
        return await AmqpLink.OpenAsync(broker, _over.Token);
    }

    private BasicProperties Properties(Command command, TimeSpan time)
    {
        var properties = new BasicProperties
        {
            MessageId = command.Id,
            ContentType = AmqpNames.Json,
            DeliveryMode = DeliveryModes.Persistent,
        };

        // What nobody waits for has all the time that the gateways give it, from when its turn comes.
        if (!command.HasNoReply) properties.Expiration = ((long)Math.Max(1, time.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);

        // The broker checks the user, and the gateways may know whose tenant it is; a key takes precedence.
        if (apiKey is null) properties.UserId = broker.User;
        else properties.Headers = new Dictionary<string, object?> { [AmqpNames.ApiKey] = apiKey };
        return properties;
    }
}
