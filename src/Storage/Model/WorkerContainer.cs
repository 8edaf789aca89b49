namespace SandQueue.Storage.Model;

/// <summary>One container as its worker published it. Containers are replaced and never started again, so it has no count of restarts.</summary>
/// <param name="Id">The engine's id of it, or the process's.</param>
/// <param name="Environment">Name of the environment that its server serves.</param>
/// <param name="Runs">What it runs: an image, a program, an assembly or an address.</param>
/// <param name="State">What its pool does with it.</param>
/// <param name="Instances">Instances it holds.</param>
/// <param name="Served">Instances it has been given in its life, those it holds included.</param>
/// <param name="StartedAt">When it became ready, Unix milliseconds by its worker's clock.</param>
public sealed record WorkerContainer(string Id, string Environment, string Runs, ContainerState State, int Instances, int Served, long StartedAt);
