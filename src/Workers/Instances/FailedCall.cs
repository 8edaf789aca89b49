using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Instances;

/// <summary>What the failure of a call says about its container.</summary>
/// <param name="Broke">Whether the container died or hung with the call.</param>
/// <param name="IsOnlySuspect">Whether no other call can have been the reason.</param>
/// <param name="WasIsolated">Whether the instance had the container for itself.</param>
/// <param name="Container">The container.</param>
internal readonly record struct FailedCall(bool Broke, bool IsOnlySuspect, bool WasIsolated, IContainer Container);
