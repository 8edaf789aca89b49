namespace SandQueue.Contracts;

/// <summary>A command for one live instance, which its owner executes.</summary>
public abstract record InstanceCommand : Command
{
    /// <summary>The tenant's name for the instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>How often workers have forwarded the command to another; two is the limit.</summary>
    public int Forwards { get; init; }
}
