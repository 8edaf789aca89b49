using SandQueue.Storage.Model;
using SandQueue.Storage.Tenants;

namespace SandQueue.Storage.Tests.Tenants;

public abstract class KeyDirectoryContract(StoreFixture store)
{
    private readonly KeyDirectory _keys = store.Get<KeyDirectory>();
    private readonly string _tenant = Rows.NewCaller();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_kept_as_it_was_issued()
    {
        var key = NewKey(7) with { Scope = KeyScope.Read, ExpiresAt = 9 };
        await AddAsync(key);

        var listed = (await _keys.ListAsync(_tenant, Cancel)).ShouldHaveSingleItem();

        (listed.Id, listed.Name, listed.Scope, listed.CreatedAt, listed.ExpiresAt, listed.RevokedAt).ShouldBe((key.Id, "n", KeyScope.Read, 7, 9, null));
        listed.Hash.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_revoked_key_is_listed_and_is_issued_no_more()
    {
        var (one, other) = (NewKey(1), NewKey(2));
        await AddAsync(one);
        await AddAsync(other);

        (await _keys.RevokeAsync(one.Id, now: 50, Cancel)).ShouldBeTrue();
        (await _keys.RevokeAsync(one.Id, now: 60, Cancel)).ShouldBeFalse("it was before");
        (await _keys.RevokeAsync("none", now: 60, Cancel)).ShouldBeFalse();

        (await _keys.ListAsync(_tenant, Cancel)).Select(key => (key.Id, key.RevokedAt)).ShouldBe([(one.Id, 50), (other.Id, null)]);
        (await _keys.ListIssuedAsync(Cancel)).Where(key => key.Tenant == _tenant).ShouldHaveSingleItem().Id.ShouldBe(other.Id);
        (await _keys.ListAsync(tenant: null, Cancel)).Select(key => key.Id).ShouldContain(one.Id);
    }

    private static Key NewKey(long createdAt) => new(Rows.NewCaller()[..16], createdAt, KeyScope.Use, null);

    private Task AddAsync(Key key) => _keys.AddAsync(
        new StoredKey { Id = key.Id, Tenant = _tenant, Name = "n", Hash = [1, 2, 3], Scope = key.Scope, CreatedAt = key.CreatedAt, ExpiresAt = key.ExpiresAt }, Cancel);

    private sealed record Key(string Id, long CreatedAt, KeyScope Scope, long? ExpiresAt);
}
