namespace SandQueue.Storage.Model;

/// <summary>An API key that was issued, without the key. Times are Unix milliseconds, UTC.</summary>
public sealed class StoredKey
{
    /// <summary>Public, and a part of the key itself; 16 hexadecimal digits.</summary>
    public required string Id { get; set; }

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; set; }

    /// <summary>What people call it.</summary>
    public required string Name { get; set; }

    /// <summary>SHA-256 of the whole key. The key has 256 random bits, so a slow hash would add nothing.</summary>
    public required byte[] Hash { get; set; }

    public KeyScope Scope { get; set; }

    public long CreatedAt { get; set; }

    /// <summary>From when on it is not let in any more; null for never.</summary>
    public long? ExpiresAt { get; set; }

    /// <summary>When it was revoked; null where it was not.</summary>
    public long? RevokedAt { get; set; }
}
