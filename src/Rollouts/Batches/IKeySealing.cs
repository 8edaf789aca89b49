namespace SandQueue.Rollouts.Batches;

/// <summary>Encrypts the keys of policies' endpoints, so that the database never has one that can be read. What is sealed is bound to its tenant and its name.</summary>
public interface IKeySealing
{
    byte[] Seal(string tenant, string name, string key);

    /// <returns>Null where it was sealed with another key, for another tenant or name, or was changed.</returns>
    string? Open(string tenant, string name, byte[] sealedKey);

    /// <summary>The name that the keys of a batch's policies are bound to; no secret has such a one.</summary>
    static string OfBatch(string batchId) => $"batch:{batchId}";
}
