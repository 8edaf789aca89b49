using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Python;

/// <summary>The expected values were drawn from CPython 3.11.7.</summary>
public sealed class PythonRandomTests
{
    [Theory]
    [InlineData(0, 0.8444218515250481, 0.7579544029403025)]
    [InlineData(1, 0.13436424411240122, 0.8474337369372327)]
    [InlineData(233, 0.6824769139473528, 0.6283202109809801)]
    [InlineData(-233, 0.6824769139473528, 0.6283202109809801)]
    [InlineData(4294967296, 0.11299430095636409, 0.41782886486292836)]
    [InlineData(long.MaxValue, 0.3166448820870279, 0.631259308253863)]
    [InlineData(long.MinValue, 0.5534639983914199, 0.9406144709090462)]
    public void A_seed_gives_the_floats_python_gives(long seed, double first, double second)
    {
        var random = new PythonRandom(seed);
        (random.Random(), random.Random()).ShouldBe((first, second));
    }

    [Fact]
    public void A_hundred_thousand_floats_are_equal()
    {
        var random = new PythonRandom(233);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = new byte[8];
        for (var i = 0; i < 100_000; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, random.Random());
            hash.AppendData(bytes);
        }

        Convert.ToHexStringLower(hash.GetCurrentHash()).ShouldBe("4a0d21cdf0769135a039a35732ddf97c0adac419edd870260864b2cbff0eae98");
    }

    [Fact]
    public void Bits_of_every_width_are_equal()
    {
        var random = new PythonRandom(7);
        new[] { 1, 5, 31, 32, 33, 53, 64 }.Select(random.GetRandBits)
            .ShouldBe([0ul, 30, 323946139, 1695753998, 2795742288, 7397381398802227, 1736392818365009963]);
        random.GetRandBits(0).ShouldBe(0ul);
    }

    [Fact]
    public void Integers_are_equal()
    {
        var random = new PythonRandom(7);
        Enumerable.Range(0, 12).Select(_ => random.RandInt(1, 6)).ShouldBe([3L, 2, 4, 6, 1, 1, 5, 1, 3, 5, 1, 5]);
        random.RandRange(10, 100, 7).ShouldBe(31);
        random.RandRange(100, 10, -7).ShouldBe(100);
        random.RandInt(-5, 5).ShouldBe(-4);
        random.RandRange(long.MinValue, long.MaxValue).ShouldBe(-1509457273540090022);
        random.RandInt(1_000_000_000_000, 10_000_000_000_000).ShouldBe(5230842813327);
    }

    [Fact]
    public void Choices_are_equal()
    {
        var letters = "abcdefg".ToCharArray();
        var random = new PythonRandom(7);
        Enumerable.Range(0, 8).Select(_ => random.Choice(letters)).ShouldBe("cbdfaage");

        random.Seed(7);
        random.Choices(letters, 10).ShouldBe("cbeadcadad");
        random.Choices(letters[..4], 10, [10, 1, 0.5, 5]).ShouldBe("aaadaabdaa");
    }

    [Fact]
    public void Shuffles_are_equal()
    {
        var items = Enumerable.Range(0, 12).ToList();
        new PythonRandom(7).Shuffle(items);
        items.ShouldBe([7, 11, 3, 10, 8, 4, 9, 1, 0, 6, 2, 5]);
    }

    [Fact]
    public void Samples_are_equal_on_both_sides_of_the_pool_limit()
    {
        var random = new PythonRandom(7);
        random.Sample([.. Enumerable.Range(0, 20)], 5).ShouldBe([10, 4, 12, 1, 2]);
        random.Sample([.. Enumerable.Range(0, 1000)], 5).ShouldBe([840, 548, 96, 374, 596]);
        random.Sample([.. Enumerable.Range(0, 100)], 10).ShouldBe([7, 64, 27, 4, 11, 55, 53, 8, 30, 70]);
        random.Sample([.. Enumerable.Range(0, 86)], 8).ShouldBe([54, 7, 72, 15, 28, 80, 74, 73]);
        random.Sample([.. Enumerable.Range(0, 3)], 3).ShouldBe([2, 1, 0]);
    }

    [Fact]
    public void Uniform_floats_are_equal()
    {
        var random = new PythonRandom(7);
        (random.Uniform(-3, 8.5), random.Uniform(10, 1)).ShouldBe((0.7240767955813672, 8.642357434679482));
    }

    [Fact]
    public void A_long_mixed_run_is_equal()
    {
        var random = new PythonRandom(99);
        var drawn = new List<long>();
        for (var n = 1; n < 200; n++)
        {
            var range = Enumerable.Range(0, n).Select(i => (long)i).ToArray();
            drawn.Add(random.RandRange(n));
            var shuffled = range.ToArray();
            random.Shuffle(shuffled);
            drawn.AddRange(shuffled);
            drawn.AddRange(random.Sample(range, n / 3));
            drawn.AddRange(random.Choices(range, 3, [.. range.Select(i => i + 1.0)]));
        }

        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', drawn))))
            .ShouldBe("b2fd7b04ca2aa197cd42b3e01c1abcd2665f13d1a50ee7c50d576da1724b2921");
    }

    [Fact]
    public void Empty_ranges_are_refused()
    {
        var random = new PythonRandom(1);
        Should.Throw<ArgumentOutOfRangeException>(() => random.RandRange(0));
        Should.Throw<ArgumentOutOfRangeException>(() => random.RandRange(5, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => random.Choice(Array.Empty<int>()));
        Should.Throw<ArgumentOutOfRangeException>(() => random.Sample([1, 2], 3));
    }
}
