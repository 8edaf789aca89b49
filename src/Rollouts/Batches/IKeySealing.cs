namespace SandQueue.Rollouts.Batches;

/// <summary>Encrypts the keys of policies' endpoints, so that the database never has one that can be read.</summary>
public interface IKeySealing
{
    byte[] Seal(string key);

    /// <exception cref="System.Security.Cryptography.CryptographicException">It was sealed elsewhere, or changed.</exception>
    string Open(byte[] sealedKey);
}
