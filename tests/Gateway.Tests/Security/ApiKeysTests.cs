using System.Security.Cryptography;
using System.Text;
using SandQueue.Contracts;
using SandQueue.Gateway.Security;
using SandQueue.Hosting.Settings;
using SandQueue.Hosting.Startup;

namespace SandQueue.Gateway.Tests.Security;

public sealed class ApiKeysTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ,, ")]
    public void Without_keys_everyone_is_the_local_tenant(string? configured)
    {
        var keys = ApiKeys.Read(configured);
        keys.IsEmpty.ShouldBeTrue();
        keys.TenantOf(null)!.Id.ShouldBe(Tenants.Local);
        keys.TenantOf("anything")!.Id.ShouldBe(Tenants.Local);
    }

    [Fact]
    public void Every_key_is_let_in_and_is_a_tenant_of_its_own()
    {
        var keys = ApiKeys.Read("first, second,third ");

        var tenants = ((string[])["first", "second", "third"]).Select(key => keys.TenantOf(key)?.Id).ToList();

        tenants.ShouldAllBe(tenant => tenant != null);
        tenants.ShouldBeUnique();
        tenants.ShouldNotContain(Tenants.Local);
        keys.TenantOf("second")!.Id.ShouldBe(tenants[1]);
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
    public void A_bare_keys_tenant_is_known_by_a_piece_of_the_keys_hash_and_never_by_the_key()
    {
        const string Key = "a very secret key";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));

        var tenant = ApiKeys.Read(Key).TenantOf(Key)!.Id;

        hash.ShouldStartWith(tenant);
        tenant.Length.ShouldBe(16);
        ApiKeys.Read($"other,{Key}").TenantOf(Key)!.Id.ShouldBe(tenant, "the same key is the same tenant whatever stands beside it");
    }

    [Fact]
    public void A_rotated_key_belongs_to_the_same_tenant()
    {
        var before = ApiKeys.Read("training=old-key").TenantOf("old-key");
        var during = ApiKeys.Read("training=old-key, training = new-key");

        before.ShouldBe(new Tenant("training", "training"));
        during.TenantOf("old-key").ShouldBe(before);
        during.TenantOf("new-key").ShouldBe(before);
        ApiKeys.Read("training=new-key").TenantOf("old-key").ShouldBeNull();
    }

    [Fact]
    public void A_bare_key_is_rotated_by_naming_the_tenant_it_had()
    {
        var id = ApiKeys.Read("old-key").TenantOf("old-key")!.Id;

        ApiKeys.Read($"{id}=new-key").TenantOf("new-key")!.Id.ShouldBe(id);
    }

    [Theory]
    [InlineData("c2VjcmV0", "c2VjcmV0")]
    [InlineData("c2VjcmV0MQ==", "c2VjcmV0MQ==")]
    [InlineData("c2VjcmV0MTI=", "c2VjcmV0MTI=")]
    [InlineData("=user=7", "user=7")]
    public void A_bare_key_may_have_equals_signs(string entry, string key)
    {
        var tenant = ApiKeys.Read(entry).TenantOf(key);

        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))).ShouldStartWith(tenant!.Id);
    }

    [Theory]
    [InlineData("team=")]
    [InlineData("=")]
    [InlineData("==")]
    [InlineData("good=key,team==")]
    public void An_entry_whose_variable_was_not_set_is_refused(string configured) =>
        Should.Throw<StartupException>(() => ApiKeys.Read(configured)).Message.ShouldContain("has no key");

    [Fact]
    public void A_tenants_key_may_have_equals_signs() => ApiKeys.Read("team=c2VjcmV0MQ==").TenantOf("c2VjcmV0MQ==")!.Id.ShouldBe("team");

    [Theory]
    [InlineData("s3cr$t=k3y")]
    [InlineData("good=key,a b=key")]
    public void A_name_that_is_none_is_refused_without_saying_the_key(string configured)
    {
        var refused = Should.Throw<StartupException>(() => ApiKeys.Read(configured));

        refused.Message.ShouldContain("SANDQUEUE_API_KEYS");
        refused.Message.ShouldNotContain("key,");
        refused.Message.ShouldNotContain("s3cr");
        refused.Message.ShouldNotContain("k3y");
    }

    [Fact]
    public void Admin_keys_alone_let_nobody_else_in()
    {
        var keys = ApiKeys.Read(keys: null, "root=admin-key");
        keys.IsEmpty.ShouldBeFalse();
        (keys.TenantOf(null), keys.TenantOf("anything"), keys.TenantOf("admin-key")?.Id).ShouldBe((null, null, "root"));
        (keys.IsAdmin("admin-key"), keys.IsAdmin(null), keys.IsAdmin("anything")).ShouldBe((true, false, false));
    }

    [Fact]
    public void An_admins_key_belongs_to_a_tenant_too()
    {
        var keys = ApiKeys.Read("training=user-key", "training=admin-key");

        keys.TenantOf("admin-key").ShouldBe(keys.TenantOf("user-key"));
        (keys.IsAdmin("admin-key"), keys.IsAdmin("user-key")).ShouldBe((true, false));
    }
}
