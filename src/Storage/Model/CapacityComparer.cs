using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace SandQueue.Storage.Model;

/// <summary>Lists of capacities are replaced, never changed.</summary>
internal sealed class CapacityComparer() : ValueComparer<IReadOnlyList<EnvironmentCapacity>>(
    (one, other) => ReferenceEquals(one, other) || (one != null && other != null && one.SequenceEqual(other)), capacity => capacity.Count);
