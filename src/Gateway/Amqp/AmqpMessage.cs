using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Amqp;

/// <summary>A delivery, copied: the library takes its memory back once the consumer returns.</summary>
/// <param name="Tag">What the broker calls the delivery.</param>
/// <param name="Body">The bytes; of one that is too large the first.</param>
/// <param name="Length">How many bytes came.</param>
/// <param name="MessageId">The command's id; null where there is none.</param>
/// <param name="CorrelationId">What comes back with the reply; null where there is none.</param>
/// <param name="ReplyTo">The queue that gets the reply; null where nobody waits.</param>
/// <param name="ContentType">What the body is; null where that is not said.</param>
/// <param name="Expiration">Milliseconds, as text; null for no limit of the caller's.</param>
/// <param name="ApiKey">The header <see cref="AmqpNames.ApiKey"/>.</param>
/// <param name="UserId">The broker's user that has published it, which the broker has checked; null where that is not said.</param>
/// <param name="HasWaited">Whether it comes from a queue that a gateway moved it to.</param>
internal sealed record AmqpMessage(
    ulong Tag, byte[] Body, int Length, string? MessageId, string? CorrelationId, string? ReplyTo, string? ContentType, string? Expiration, string? ApiKey, string? UserId, bool HasWaited)
{
    /// <summary>What is kept of a message that is too large, for whoever looks at the dead letters.</summary>
    private const int Shown = 4 << 10;

    /// <param name="delivery">What the library brought.</param>
    /// <param name="maxBytes">The largest command.</param>
    public static AmqpMessage Of(BasicDeliverEventArgs delivery, long maxBytes)
    {
        var (properties, hasWaited) = (delivery.BasicProperties, delivery.ConsumerTag != AmqpNames.Commands);
        return new AmqpMessage(
            delivery.DeliveryTag,
            (delivery.Body.Length > maxBytes ? delivery.Body[..Math.Min(Shown, delivery.Body.Length)] : delivery.Body).ToArray(),
            delivery.Body.Length,
            NonEmpty(properties.MessageId),
            NonEmpty(properties.CorrelationId),
            NonEmpty(properties.ReplyTo),
            NonEmpty(properties.ContentType),
            NonEmpty(properties.Expiration),
            Header(properties, AmqpNames.ApiKey),

            // Of what was moved the broker would say that we have published it.
            hasWaited ? Header(properties, AmqpNames.User) : NonEmpty(properties.UserId),
            hasWaited)
        {
            TraceParent = Header(properties, AmqpNames.TraceParent),
        };
    }

    /// <summary>The header <see cref="AmqpNames.TraceParent"/>: the span that its sender traces it in; null where it does not.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What log lines call it.</summary>
    public string Name => MessageId is { } id ? OneLine.Of(id) : "without an id";

    /// <summary>How long the command may take: what the caller says, and never more than a call may.</summary>
    /// <exception cref="BadRequestException">It is no number of milliseconds.</exception>
    public TimeSpan Remaining(TimeSpan limit)
    {
        if (Expiration is null) return limit;
        if (!long.TryParse(Expiration, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds == 0)
        {
            throw new BadRequestException($"expiration is '{Expiration}'; it is milliseconds above 0, as text");
        }

        return milliseconds < limit.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : limit;
    }

    /// <exception cref="BadRequestException">The message says that it is something else than JSON.</exception>
    public void RequireJson()
    {
        if (ContentType is null || ContentType.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase)) return;
        throw new BadRequestException($"content_type is '{ContentType}'; commands are application/json");
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string? Header(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers is { } headers && headers.TryGetValue(name, out var value) ? Text(value) : null;

    private static string? Text(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        string text => text,
        _ => null,
    };
}
