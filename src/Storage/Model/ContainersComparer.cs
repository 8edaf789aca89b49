using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace SandQueue.Storage.Model;

/// <summary>Lists of containers are replaced, never changed.</summary>
internal sealed class ContainersComparer() : ValueComparer<IReadOnlyList<WorkerContainer>>(
    (one, other) => ReferenceEquals(one, other) || (one != null && other != null && one.SequenceEqual(other)), containers => containers.Count);
