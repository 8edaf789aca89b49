using System.Security.Cryptography;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;
using SandQueue.Storage.Tenants;

namespace SandQueue.Gateway.Security;

/// <summary>
/// All keys that are let in: those of the settings, and those that were issued. The issued ones are read from the database every two seconds while
/// they are asked for, so a revoked key is let in for so long at most; while the database is away, those known before are good.
/// </summary>
internal sealed partial class KeyRing(ApiKeys settings, KeyDirectory directory, TimeProvider time, ILogger<KeyRing> log) : IKeyRing
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>A key that is not known may have been made a moment ago, so it waits for a look; made-up ones must not cost a query each.</summary>
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a request waits for a look; while the database hangs, what was known before is good.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private volatile Snapshot? _snapshot;
    private Task _look = Task.CompletedTask;
    private bool _isAway;

    /// <inheritdoc/>
    public bool IsOpen => settings.IsEmpty && _snapshot is { Keys.Count: 0 };

    /// <summary>Reads the issued keys for the first time.</summary>
    /// <exception cref="System.Data.Common.DbException">The database could not be read.</exception>
    public Task LoadAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Access?> FindAsync(string? key, CancellationToken cancellationToken)
    {
        if (!settings.IsEmpty && settings.TenantOf(key) is { } named) return new Access(named, settings.IsAdmin(key) ? KeyScope.Admin : KeyScope.Use);

        // Waited for: a gateway that nobody asked for an hour would let a key in that was revoked in that time.
        if (_snapshot is not { } known || time.GetElapsedTime(known.LookedAt) > Fresh) await LookAsync().WaitAsync(LongestWait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (IsOpen && settings.TenantOf(key) is { } everyone) return new Access(everyone, KeyScope.Admin);
        if (key is null || IssuedKey.IdOf(key) is not { } id) return null;

        if (_snapshot?.Keys.ContainsKey(id) != true) await LookAgainAsync(cancellationToken);
        return _snapshot?.Keys.GetValueOrDefault(id) is { } stored && CryptographicOperations.FixedTimeEquals(stored.Hash, ApiKey.Hash(key)) && !IsExpired(stored)
            ? new Access(new Tenant(stored.Tenant, stored.Tenant), stored.Scope)
            : null;
    }

    private bool IsExpired(StoredKey key) => key.ExpiresAt is { } end && end <= time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A look that begins now, or once the last one is not too recent.</summary>
    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        if (_snapshot is { } known && LookPause - time.GetElapsedTime(known.LookedAt) is { Ticks: > 0 } rest) await Task.Delay(rest, time, cancellationToken);
        await LookAsync().WaitAsync(cancellationToken);
    }

    /// <summary>One look for all who want one at the same time. It does not fail: what was known before stays.</summary>
    private Task LookAsync()
    {
        lock (_lock) return _look.IsCompleted ? _look = LookOnceAsync() : _look;
    }

    private async Task LookOnceAsync()
    {
        using var limit = new CancellationTokenSource(LookLimit, time);
        try
        {
            await ReadAsync(limit.Token);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is OperationCanceledException)
        {
            if (!_isAway) NotRead(exception.GetBaseException().Message);
            _isAway = true;
            if (_snapshot is { } known) _snapshot = known with { LookedAt = time.GetTimestamp() };
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var keys = await directory.ListIssuedAsync(cancellationToken);
        _isAway = false;
        _snapshot = new Snapshot(keys.ToDictionary(key => key.Id, StringComparer.Ordinal), time.GetTimestamp());
    }

    [LoggerMessage(LogLevel.Warning, "the issued API keys could not be read, and those known before are good: {Reason}")]
    private partial void NotRead(string reason);

    private sealed record Snapshot(Dictionary<string, StoredKey> Keys, long LookedAt);
}
