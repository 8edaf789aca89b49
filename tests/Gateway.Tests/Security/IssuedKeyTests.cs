using SandQueue.Gateway.Security;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.Security;

public sealed class IssuedKeyTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);

    [Fact]
    public void A_key_names_its_row_and_the_row_has_its_hash_only()
    {
        var (row, key) = IssuedKey.Make("anna", "laptop", KeyScope.Read, Now, TimeSpan.FromDays(2));

        IssuedKey.IdOf(key).ShouldBe(row.Id);
        row.Hash.ShouldBe(ApiKey.Hash(key));
        (row.Tenant, row.Name, row.Scope, row.CreatedAt, row.ExpiresAt).ShouldBe(("anna", "laptop", KeyScope.Read, 1_000_000, 1_000_000 + (2 * 86_400_000L)));
        key.ShouldMatch("^sq_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$");
    }

    [Fact]
    public void No_two_keys_are_alike()
    {
        var made = Enumerable.Range(0, 100).Select(_ => IssuedKey.Make("anna", "", KeyScope.Use, Now, lifetime: null)).ToList();
        made.Select(key => key.Row.Id).ShouldBeUnique();
        made.Select(key => key.Key[20..]).ShouldBeUnique();
    }

    [Theory]
    [InlineData("")]
    [InlineData("sq_")]
    [InlineData("sq_0123456789abcdef_short")]
    [InlineData("sq_0123456789ABCDEF_0123456789012345678901234567890123456789012")]
    [InlineData("sq_0123456789abcdef_0123456789012345678901234567890123456789012\n")]
    [InlineData("key-of-anna")]
    public void What_has_another_form_names_no_row(string key) => IssuedKey.IdOf(key).ShouldBeNull();
}
