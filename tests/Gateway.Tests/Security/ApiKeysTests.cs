using System.Security.Cryptography;
using System.Text;
using SandQueue.Contracts;
using SandQueue.Gateway.Security;
using SandQueue.Hosting.Settings;

namespace SandQueue.Gateway.Tests.Security;

public sealed class ApiKeysTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ,, ")]
    public void Without_keys_everyone_is_the_local_caller(string? configured)
    {
        var keys = ApiKeys.Read(configured);
        keys.IsEmpty.ShouldBeTrue();
        keys.TenantOf(null).ShouldBe(Tenants.Local);
        keys.TenantOf("anything").ShouldBe(Tenants.Local);
    }

    [Fact]
    public void Every_key_is_let_in_and_is_a_caller_of_its_own()
    {
        var keys = ApiKeys.Read("first, second,third ");

        var callers = ((string[])["first", "second", "third"]).Select(keys.TenantOf).ToList();

        callers.ShouldAllBe(tenant => tenant != null);
        callers.ShouldBeUnique();
        callers.ShouldNotContain(Tenants.Local);
        keys.TenantOf("second").ShouldBe(callers[1]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("firs")]
    [InlineData("first ")]
    [InlineData("First")]
    [InlineData("first,second")]
    [InlineData("first\0")]
    public void Nothing_else_is_let_in(string? key) => ApiKeys.Read("first,second").TenantOf(key).ShouldBeNull();

    [Fact]
    public void A_caller_is_known_by_a_piece_of_the_keys_hash_and_never_by_the_key()
    {
        const string Key = "a very secret key";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));

        var tenant = ApiKeys.Read(Key).TenantOf(Key)!;

        hash.ShouldStartWith(tenant);
        tenant.Length.ShouldBe(16);
        ApiKeys.Read($"other,{Key}").TenantOf(Key).ShouldBe(tenant, "the same key is the same caller whatever stands beside it");
    }
}
