using SandQueue.Contracts;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.Tests.Security;

public sealed class ApiKeysTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ,")]
    public void Without_keys_everyone_is_the_local_caller(string? configured)
    {
        var keys = ApiKeys.Read(configured);
        keys.IsEmpty.ShouldBeTrue();
        keys.CallerOf(null).ShouldBe(Callers.Local);
        keys.CallerOf("whatever").ShouldBe(Callers.Local);
    }

    [Fact]
    public void Each_key_is_a_caller_of_its_own_that_does_not_show_the_key()
    {
        var keys = ApiKeys.Read(" first-key , second-key ");
        var first = keys.CallerOf("first-key").ShouldNotBeNull();
        var second = keys.CallerOf("second-key").ShouldNotBeNull();
        first.ShouldMatch("^[0-9a-f]{16}$");
        first.ShouldNotBe(second);
        ApiKeys.Read("first-key").CallerOf("first-key").ShouldBe(first);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("first-ke")]
    [InlineData("first-key ")]
    [InlineData("first-key,second-key")]
    public void Any_other_key_is_nobody(string? key)
    {
        ApiKeys.Read("first-key,second-key").CallerOf(key).ShouldBeNull();
    }
}
