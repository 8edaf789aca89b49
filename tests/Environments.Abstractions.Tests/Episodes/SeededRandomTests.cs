using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Abstractions.Tests.Episodes;

public sealed class SeededRandomTests
{
    /// <summary>Calculated apart from this code, with the published SplitMix64 and the key's SHA-256.</summary>
    [Fact]
    public void A_key_has_the_same_numbers_for_ever()
    {
        var random = new SeededRandom("frozenlake/map/4/17");
        Enumerable.Range(0, 12).Select(_ => random.Below(1_000_000)).ShouldBe([220344, 379061, 328857, 782748, 833266, 556419, 766211, 737084, 386130, 32765, 172963, 481842]);
    }

    [Fact]
    public void Another_key_has_other_numbers()
    {
        Numbers("a").ShouldNotBe(Numbers("b"));
    }

    [Fact]
    public void Numbers_stay_below_their_bound()
    {
        Gen.Select(Gen.String, Gen.Int[1, int.MaxValue]).Sample((key, bound) => new SeededRandom(key).Below(bound) is var number && number >= 0 && number < bound);
    }

    [Fact]
    public void Every_number_is_about_as_frequent_as_the_others()
    {
        var random = new SeededRandom("frequency");
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++) counts[random.Below(7)]++;
        counts.ShouldAllBe(count => count > 9_600 && count < 10_400);
    }

    [Fact]
    public void A_bound_of_nothing_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new SeededRandom("a").Below(0));
    }

    [Fact]
    public void Shuffling_keeps_every_item_and_finds_every_order()
    {
        var random = new SeededRandom("orders");
        var orders = new HashSet<string>();
        for (var i = 0; i < 300; i++)
        {
            var items = "abc".ToCharArray();
            random.Shuffle(items.AsSpan());
            orders.Add(new string(items));
        }

        orders.Order().ShouldBe(["abc", "acb", "bac", "bca", "cab", "cba"]);
    }

    private static int[] Numbers(string key)
    {
        var random = new SeededRandom(key);
        return [.. Enumerable.Range(0, 10).Select(_ => random.Below(1000))];
    }
}
