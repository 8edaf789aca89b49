using CsCheck;
using SandQueue.Environments.WebShop.Search;

namespace SandQueue.Environments.Tests.WebShop.Search;

public sealed class LengthNormTests
{
    [Fact]
    public void Lengths_below_forty_are_exact() =>
        Enumerable.Range(0, 40).Select(length => LengthNorm.Decode(LengthNorm.Encode(length))).ShouldBe(Enumerable.Range(0, 40));

    [Theory]
    [InlineData(40, 40)]
    [InlineData(41, 40)]
    [InlineData(100, 96)]
    [InlineData(1000, 984)]
    [InlineData(int.MaxValue, 2013265944)]
    public void Longer_ones_lose_their_last_bits(int length, int decoded) => LengthNorm.Decode(LengthNorm.Encode(length)).ShouldBe(decoded);

    [Fact]
    public void A_longer_document_never_has_a_smaller_code()
    {
        Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Int[0, 1000]).Sample((length, more) =>
            LengthNorm.Encode((int)Math.Min(int.MaxValue, (long)length + more)).ShouldBeGreaterThanOrEqualTo(LengthNorm.Encode(length)));
    }
}
