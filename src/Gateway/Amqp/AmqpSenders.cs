using SandQueue.Gateway.Security;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Amqp;

/// <summary>Says whose a message is, by its API key or by the user that the broker says has published it.</summary>
internal sealed class AmqpSenders(IKeyRing keys, BrokerUsers users)
{
    /// <summary>Everyone is let in, as one tenant.</summary>
    public bool AreOneTenant => keys.IsOpen && users.IsEmpty;

    /// <summary>What a message's sender may do; null where it is not let in. A key takes precedence over the user.</summary>
    public async ValueTask<Access?> FindAsync(AmqpMessage message, CancellationToken cancellationToken)
    {
        // Where users are named, nobody is let in who says nothing, though there be no keys.
        if (users.IsEmpty || (message.ApiKey is not null && !keys.IsOpen)) return await keys.FindAsync(message.ApiKey, cancellationToken);
        return message.UserId is { } user && users.TenantOf(user) is { } tenant ? new Access(tenant, KeyScope.Use) : null;
    }

    /// <summary>Why a message is not let in.</summary>
    public string Refusal(AmqpMessage message)
    {
        if (users.IsEmpty || message.ApiKey is not null) return $"the header {AmqpNames.ApiKey} is missing, or no API key of this gateway";
        return message.UserId is null
            ? $"the message has neither the property user_id nor the header {AmqpNames.ApiKey}"
            : $"user '{message.UserId}' of the broker belongs to no tenant here (Gateway:AmqpUsers), and there is no header {AmqpNames.ApiKey}";
    }
}
