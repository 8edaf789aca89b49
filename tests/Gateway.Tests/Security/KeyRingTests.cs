using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Gateway.Security;
using SandQueue.Storage;
using SandQueue.Storage.Model;
using SandQueue.Storage.Tenants;
using SandQueue.Testing;

namespace SandQueue.Gateway.Tests.Security;

public sealed class KeyRingTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-keys-");
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private KeyDirectory Stored => _services.GetRequiredService<KeyDirectory>();

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time)
            .AddStorage(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "keys.db")}" }).BuildServiceProvider();
        await _services.MigrateStorageAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        await _folder.RemoveAsync();
    }

    [Fact]
    public async Task Without_any_key_everyone_is_the_local_tenant_until_the_first_is_issued()
    {
        var ring = await NewRingAsync("");
        ring.IsOpen.ShouldBeTrue();
        (await ring.FindAsync(key: null, Cancel)).ShouldBe(new Access(new Tenant(Tenants.Local, Tenants.Local), KeyScope.Admin));

        var key = await IssueAsync();
        await RefusesInTimeAsync(ring, key: null);

        ring.IsOpen.ShouldBeFalse();
        (await ring.FindAsync("anything", Cancel)).ShouldBeNull();
        (await ring.FindAsync(key, Cancel))!.Tenant.Id.ShouldBe("anna");
    }

    [Fact]
    public async Task Admin_keys_alone_let_nobody_else_in_before_the_first_key_is_issued_and_after()
    {
        var ring = await NewRingAsync("", admins: "root=admin-key");
        var admin = new Access(new Tenant("root", "root"), KeyScope.Admin);
        ring.IsOpen.ShouldBeFalse();
        (await ring.FindAsync(key: null, Cancel)).ShouldBeNull();
        (await ring.FindAsync("anything", Cancel)).ShouldBeNull();
        (await ring.FindAsync("admin-key", Cancel)).ShouldBe(admin);

        var key = await IssueAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await ring.FindAsync(key, Cancel))!.Tenant.Id.ShouldBe("anna");
        (await ring.FindAsync("admin-key", Cancel)).ShouldBe(admin);
        (await ring.FindAsync(key: null, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Keys_of_the_settings_and_issued_ones_are_let_in_side_by_side()
    {
        var ring = await NewRingAsync("berta=key-of-berta");
        var key = await IssueAsync(KeyScope.Read);
        _time.Advance(TimeSpan.FromSeconds(1));

        (await ring.FindAsync(key, Cancel)).ShouldBe(new Access(new Tenant("anna", "anna"), KeyScope.Read), "one that was made a moment ago too");
        (await ring.FindAsync("key-of-berta", Cancel)).ShouldBe(new Access(new Tenant("berta", "berta"), KeyScope.Use));
        (await ring.FindAsync("anything", Cancel)).ShouldBeNull();
        (await ring.FindAsync(key: null, Cancel)).ShouldBeNull();
        (await ring.FindAsync($"{key[..^1]}{(key[^1] == 'A' ? 'B' : 'A')}", Cancel)).ShouldBeNull("the right id and another secret");
    }

    [Fact]
    public async Task A_key_that_was_made_right_after_a_look_is_let_in_at_once()
    {
        var ring = await NewRingAsync("x=y");
        var key = await IssueAsync();

        var found = ring.FindAsync(key, Cancel).AsTask();
        found.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.25));

        (await found.WaitAsync(Limit, Cancel))!.Tenant.Id.ShouldBe("anna");
    }

    [Fact]
    public async Task A_revoked_key_is_refused_two_seconds_later_at_the_most()
    {
        var ring = await NewRingAsync("x=y");
        var key = await IssueAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await ring.FindAsync(key, Cancel)).ShouldNotBeNull();

        await Stored.RevokeAsync(IssuedKey.IdOf(key)!, 1, Cancel);

        await RefusesInTimeAsync(ring, key);
    }

    [Fact]
    public async Task A_gateway_that_nobody_asked_for_long_lets_no_revoked_key_in()
    {
        var ring = await NewRingAsync("x=y");
        var key = await IssueAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await ring.FindAsync(key, Cancel)).ShouldNotBeNull();
        await Stored.RevokeAsync(IssuedKey.IdOf(key)!, 1, Cancel);
        _time.Advance(TimeSpan.FromHours(1));

        var found = ring.FindAsync(key, Cancel).AsTask();
        await Until.TrueAsync("it is decided", () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            return found.IsCompleted;
        }, Limit);

        (await found.WaitAsync(Limit, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_is_good_until_its_end()
    {
        var ring = await NewRingAsync("x=y");
        var key = await IssueAsync(lifetime: TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromSeconds(59));
        (await ring.FindAsync(key, Cancel)).ShouldNotBeNull();

        _time.Advance(TimeSpan.FromSeconds(1));

        (await ring.FindAsync(key, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task While_the_database_is_away_the_keys_known_before_are_good()
    {
        var ring = await NewRingAsync("x=y");
        var key = await IssueAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await ring.FindAsync(key, Cancel)).ShouldNotBeNull();

        SqliteConnection.ClearAllPools();
        File.Delete(Path.Combine(_folder.FullName, "keys.db"));
        for (var seconds = 0; seconds < 10; seconds++)
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            (await ring.FindAsync(key, Cancel)).ShouldNotBeNull();
        }
    }

    private async Task<KeyRing> NewRingAsync(string settings, string? admins = null)
    {
        var ring = new KeyRing(ApiKeys.Read(settings, admins), Stored, _time, NullLogger<KeyRing>.Instance);
        await ring.LoadAsync(Cancel);
        return ring;
    }

    private async Task<string> IssueAsync(KeyScope scope = KeyScope.Use, TimeSpan? lifetime = null)
    {
        var (row, key) = IssuedKey.Make("anna", "", scope, _time.GetUtcNow(), lifetime);
        await Stored.AddAsync(row, Cancel);
        return key;
    }

    /// <summary>Within the time that a look is good for, and the look itself, which runs beside.</summary>
    private async Task RefusesInTimeAsync(KeyRing ring, string? key)
    {
        _time.Advance(TimeSpan.FromSeconds(2.1));
        await Until.TrueAsync("it is refused", async () =>
        {
            // A key that is not known waits for the next look.
            var found = ring.FindAsync(key, Cancel).AsTask();
            _time.Advance(TimeSpan.FromSeconds(0.3));
            return await found.WaitAsync(Limit, Cancel) is null;
        }, Limit);
    }
}
