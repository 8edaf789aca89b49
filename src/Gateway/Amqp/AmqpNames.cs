namespace SandQueue.Gateway.Amqp;

/// <summary>What trainers find at the broker. These names are the door's contract, and do not change with the version of our own messages.</summary>
internal static class AmqpNames
{
    /// <summary>Topic exchange that trainers publish commands to, under whatever routing key; and the quorum queue behind it.</summary>
    public const string Commands = "sandqueue.commands";

    /// <summary>Topic exchange of the ends of commands that came without <c>reply_to</c>, by <c>tenant.command.end</c>.</summary>
    public const string Events = "sandqueue.events";

    /// <summary>The queues of commands above their tenant's share begin so.</summary>
    public const string Waiting = "sandqueue.waiting";

    /// <summary>Exchange and queue of messages that nobody could be answered for, each with <see cref="Reason"/>.</summary>
    public const string DeadLetters = "sandqueue.dead-letters";

    /// <summary>Header of a dead letter: one line that says why it is there.</summary>
    public const string Reason = "x-sandqueue-reason";

    /// <summary>Header of a command: the API key, where the gateway has any.</summary>
    public const string ApiKey = "x-api-key";

    /// <summary>Header of a command in a waiting queue: the user that has published it, as the broker has said.</summary>
    public const string User = "x-sandqueue-user";

    /// <summary>Header of a command and of its reply, as W3C names it: the span that its sender traces it in.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>The queues of our own programs begin so; no answer goes there.</summary>
    public const string OwnPrefix = "sandqueue.";
}
