namespace SandQueue.Client;

/// <summary>What may be said of a step.</summary>
public sealed record StepOptions : CommandOptions
{
    /// <summary>The number that the step has to have in its episode, from 1: any other than the next is refused (<see cref="ErrorCodes.Conflict"/>). Without it, it is the next.</summary>
    public int? Number { get; init; }
}
