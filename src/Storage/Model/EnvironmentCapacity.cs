namespace SandQueue.Storage.Model;

/// <summary>What a worker published of one environment with its last renewal. All workers' together answer what counting instances would.</summary>
/// <param name="Environment">Name of the environment.</param>
/// <param name="FreeSlots">Instances of it that the worker could still take; 0 until the environment has started, and while the worker drains.</param>
/// <param name="LiveInstances">Instances of it that the worker owns. Parked ones have no owner and occupy nothing.</param>
public sealed record EnvironmentCapacity(string Environment, int FreeSlots, int LiveInstances);
