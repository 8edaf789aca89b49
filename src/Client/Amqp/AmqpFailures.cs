using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using SandQueue.Client.Commands;

namespace SandQueue.Client.Amqp;

/// <summary>What the broker, and the way to it, say of what went wrong.</summary>
internal static class AmqpFailures
{
    /// <summary>What AMQP 0-9-1 calls <c>basic.publish</c>.</summary>
    private const ushort BasicClass = 60;
    private const ushort PublishMethod = 40;

    /// <summary>Why no connection was opened.</summary>
    public static Refusal OfOpening(string broker, Exception failure) => failure switch
    {
        BrokerUnreachableException { InnerException: AuthenticationFailureException } =>
            Refusal.Rejected(Codes.Unauthenticated, $"{broker} does not know this user with this password"),
        BrokerUnreachableException { InnerException: OperationInterruptedException { ShutdownReason: { } reason } } when IsRefused(reason) =>
            Refusal.Rejected(Codes.Forbidden, $"{broker}: {reason.ReplyText}"),
        OperationInterruptedException { ShutdownReason: { } reason } when IsRefused(reason) => Refusal.Rejected(Codes.Forbidden, $"{broker}: {reason.ReplyText}"),
        _ => Refusal.Unreachable($"{broker}: {failure.GetBaseException().Message}"),
    };

    /// <summary>Why a message was not confirmed, or has no reply, whose channel was closed. It may lie at a gateway, whoever's doing it was that the channel was closed.</summary>
    public static Refusal OfClosing(string broker, ShutdownEventArgs? reason) => Refusal.Unknown($"{broker}: the connection was closed: {reason?.ReplyText}");

    /// <summary>Why a message was not taken for which the broker closed the channel.</summary>
    public static Refusal OfRefusing(string broker, ShutdownEventArgs reason) => reason switch
    {
        { ReplyCode: Constants.NotFound } => Refusal.Unreachable($"{broker}: {reason.ReplyText}; no gateway has started there yet"),
        _ when IsRefused(reason) => Refusal.Rejected(Codes.Forbidden, $"{broker}: {reason.ReplyText}"),
        _ => OfClosing(broker, reason),
    };

    /// <summary>It was for a message of ours, of all that the broker closes channels for.</summary>
    public static bool IsOfPublishing(ShutdownEventArgs reason) => (reason.ClassId, reason.MethodId) == (BasicClass, PublishMethod);

    /// <summary>Why a message was not taken.</summary>
    public static Refusal OfPublishing(string broker, PublishException failure) => failure.IsReturn
        ? Refusal.Unreachable($"{broker}: no gateway has bound its queue to {AmqpNames.Commands}")

        // A full queue; or one that failed, and has it.
        : Refusal.Unknown($"{broker} did not take the message: too many commands wait, or it failed");

    private static bool IsRefused(ShutdownEventArgs reason) => reason.ReplyCode is Constants.AccessRefused or Constants.NotAllowed or Constants.PreconditionFailed;
}
