namespace SandQueue.Gateway.Security;

/// <summary>Tells what a caller's API key lets it do, at every door alike.</summary>
internal interface IKeyRing
{
    /// <summary>Everyone is let in, as one tenant: there is no key in the settings, and none was issued.</summary>
    bool IsOpen { get; }

    /// <summary>What a key lets its bearer do; null where it is not let in. Takes the same time for every key that is known.</summary>
    ValueTask<Access?> FindAsync(string? key, CancellationToken cancellationToken);
}
