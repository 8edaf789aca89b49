namespace SandQueue.Client.Commands;

/// <summary>What is asked for, whatever carries it.</summary>
internal abstract record Command
{
    /// <summary>Its id, the same however often it is sent; null for what only reads.</summary>
    public string? Id { get; init; }

    /// <summary>The instance that it is for, as far as its caller knows.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The environment's own parameters, a JSON object; empty for none.</summary>
    public ReadOnlyMemory<byte> Params { get; init; }

    /// <summary>Nobody waits for its end, which will be an event, but only until it was taken. AMQP alone has that.</summary>
    public bool HasNoReply { get; init; }
}

/// <summary>Makes an instance. Without a name it has that of the command.</summary>
internal sealed record Create(string EnvType, string TaskId) : Command;

/// <summary>Takes a step with the agent's message, JSON as it came.</summary>
internal sealed record Step(ReadOnlyMemory<byte> Action) : Command
{
    /// <summary>The number that the step has to have in its episode; null for the next.</summary>
    public int? Number { get; init; }
}

/// <summary>Scores the episode so far.</summary>
internal sealed record Evaluate : Command
{
    /// <summary>What the environment needs to know of the conversation, a JSON object; empty for nothing.</summary>
    public ReadOnlyMemory<byte> Messages { get; init; }
}

/// <summary>Asks what the agent can do now.</summary>
internal sealed record GetInfo : Command;

/// <summary>Ends an instance.</summary>
internal sealed record Release : Command;

/// <summary>Lists the tasks of a split: all of them, or a page where the transport has pages.</summary>
internal sealed record ListTasks(string EnvType, string Split) : Command
{
    /// <summary>What an id has to contain, in whatever case; null for all.</summary>
    public string? Search { get; init; }

    /// <summary>What the page before said; null for the first.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Reads what is at a path of REST v1, which other transports do not have.</summary>
/// <param name="Path">Under <c>/v1/</c>, with its query.</param>
internal sealed record Read(string Path) : Command;
