namespace SandQueue.Client.Amqp;

/// <summary>What trainers find at the broker: the contract of SandQueue's door for AMQP.</summary>
internal static class AmqpNames
{
    /// <summary>Topic exchange that takes commands, under whatever routing key.</summary>
    public const string Commands = "sandqueue.commands";

    /// <summary>Topic exchange of the ends of commands that came without <c>reply_to</c>, by <c>tenant.command.end</c>.</summary>
    public const string Events = "sandqueue.events";

    /// <summary>The broker's own way back to whoever publishes: it needs no queue, and so no right to one.</summary>
    public const string DirectReplyTo = "amq.rabbitmq.reply-to";

    /// <summary>Header with the API key.</summary>
    public const string ApiKey = "x-api-key";

    public const string Json = "application/json";
}
