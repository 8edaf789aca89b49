namespace SandQueue.Contracts;

/// <summary>
/// End the instance and free what it holds; its journal stays. The answer is <c>true</c>.
/// </summary>
public sealed record ReleaseInstance : InstanceCommand;
