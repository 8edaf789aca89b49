using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Replay;

/// <summary>An instance that was just made of an episode's task, and how its environment is compared.</summary>
/// <param name="Environment">The instance. Whoever made it limits its calls and frees it.</param>
/// <param name="Opening">What its create answered.</param>
/// <param name="Canonical">Under which form observations are compared.</param>
/// <param name="EvaluateChangesState">Whether evaluations have to be repeated too.</param>
internal sealed record FreshInstance(IEnvironmentInstance Environment, Opening Opening, CanonicalForm Canonical, bool EvaluateChangesState);
