using SandQueue.Storage.Model;

namespace SandQueue.Storage.Instances;

/// <summary>The row of an instance that is about to be made.</summary>
/// <param name="Row">The row.</param>
/// <param name="CommandId">The id of its Create, where the row is only to be inserted if the journal has no end under that id; null where that was looked up before.</param>
internal sealed record InstanceClaim(Instance Row, string? CommandId)
{
    /// <summary>What is unique among living instances.</summary>
    public (string Tenant, string InstanceId) Key => (Row.Tenant, Row.InstanceId);
}
