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
        keys.CallerOf(null).ShouldBe(Callers.Local);
        keys.CallerOf("anything").ShouldBe(Callers.Local);
    }

    [Fact]
    public void Every_key_is_let_in_and_is_a_caller_of_its_own()
    {
        var keys = ApiKeys.Read("first, second,third ");

        var callers = ((string[])["first", "second", "third"]).Select(keys.CallerOf).ToList();

        callers.ShouldAllBe(caller => caller != null);
        callers.ShouldBeUnique();
        callers.ShouldNotContain(Callers.Local);
        keys.CallerOf("second").ShouldBe(callers[1]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("firs")]
    [InlineData("first ")]
    [InlineData("First")]
    [InlineData("first,second")]
    [InlineData("first\0")]
    public void Nothing_else_is_let_in(string? key) => ApiKeys.Read("first,second").CallerOf(key).ShouldBeNull();

    [Fact]
    public void A_caller_is_known_by_a_piece_of_the_keys_hash_and_never_by_the_key()
    {
        const string Key = "a very secret key";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));

        var caller = ApiKeys.Read(Key).CallerOf(Key)!;

        hash.ShouldStartWith(caller);
        caller.Length.ShouldBe(16);
        ApiKeys.Read($"other,{Key}").CallerOf(Key).ShouldBe(caller, "the same key is the same caller whatever stands beside it");
    }
}
