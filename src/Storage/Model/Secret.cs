namespace SandQueue.Storage.Model;

/// <summary>A key of an endpoint that a tenant keeps here under a name. Times are Unix milliseconds, UTC.</summary>
public sealed class Secret
{
    public required string Tenant { get; set; }

    public required string Name { get; set; }

    /// <summary>The value, encrypted.</summary>
    public required byte[] Sealed { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    /// <summary>When a policy was last given it, to a day.</summary>
    public long UsedAt { get; set; }
}
