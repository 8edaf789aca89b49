namespace SandQueue.Client;

/// <summary>What may be said of an instance. Every environment takes <c>seed</c>, <c>max_steps</c> and <c>prompt_template</c> in <see cref="CommandOptions.Params"/>.</summary>
public sealed record CreateOptions : CommandOptions
{
    /// <summary>A name of your own, 1 to 200 characters; without it the instance is called like its command.</summary>
    public string? InstanceId { get; init; }
}
