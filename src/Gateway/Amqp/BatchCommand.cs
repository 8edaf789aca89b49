using SandQueue.Contracts;
using SandQueue.Rollouts.Requests;

namespace SandQueue.Gateway.Amqp;

/// <summary>Make a batch. It goes no further than this gateway: what it asks for is in the database afterwards.</summary>
internal sealed record BatchCommand : Command
{
    /// <summary>What is asked for; its name is the command's id where it has none of its own, so that it takes effect once.</summary>
    public required BatchRequest Request { get; init; }
}
