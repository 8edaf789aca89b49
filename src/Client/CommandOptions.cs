using System.Text.Json.Nodes;

namespace SandQueue.Client;

/// <summary>What may be said of a command besides what it is. All of it is optional.</summary>
public record CommandOptions
{
    /// <summary>
    /// The command's id, 1 to 200 characters. Give it to send a command again whose end is unknown to you, also after your program was started again: it takes effect once. Without it
    /// the client makes one up (a UUID of version 7).
    /// </summary>
    public string? CommandId { get; init; }

    /// <summary>How long the command may take, with all that is sent again; without it <see cref="SandQueueClientOptions.Deadline"/>. Above 0, and below 49 days.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The environment's own parameters; its page lists them.</summary>
    public JsonObject? Params { get; init; }
}
