namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>A member of <c>params</c> that Create takes. What an environment does not declare is refused.</summary>
/// <param name="Name">Its name in <c>params</c>.</param>
/// <param name="Type">What its value must be.</param>
public sealed record CreateParameter(string Name, ParameterType Type);
