using SandQueue.Routing.Fleet;

namespace SandQueue.Routing.Tests.Fleet;

public sealed class OwnerCacheTests
{
    private readonly OwnerCache _owners = new();

    [Fact]
    public void The_last_owner_is_remembered_until_it_is_forgotten()
    {
        _owners.Find("a", "i").ShouldBeNull();
        _owners.Remember("a", "i", "w1");
        _owners.Remember("a", "i", "w2");
        _owners.Find("a", "i").ShouldBe("w2");
        _owners.Find("b", "i").ShouldBeNull("another caller's instance");

        _owners.Forget("a", "i");
        _owners.Find("a", "i").ShouldBeNull();
    }

    [Fact]
    public void It_does_not_grow_for_ever()
    {
        for (var i = 0; i < 250_000; i++) _owners.Remember("a", $"{i}", "w");
        _owners.Find("a", "249999").ShouldBe("w");
        Enumerable.Range(0, 250_000).Count(i => _owners.Find("a", $"{i}") is not null).ShouldBeLessThanOrEqualTo(100_000);
    }
}
