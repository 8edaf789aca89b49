using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>
/// End the instance and free what it holds; its journal stays. The answer is <c>true</c>.
/// </summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record ReleaseInstance : InstanceCommand;
