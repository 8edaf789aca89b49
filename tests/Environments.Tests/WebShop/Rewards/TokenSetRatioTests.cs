using CsCheck;
using SandQueue.Environments.WebShop.Rewards;

namespace SandQueue.Environments.Tests.WebShop.Rewards;

/// <summary>The expected values are those of thefuzz 0.19.</summary>
public sealed class TokenSetRatioTests
{
    [Theory]
    [InlineData("machine wash", "machine washable", 86)]
    [InlineData("machine wash", "wash machine", 100)]
    [InlineData("light weight", "lightweight", 96)]
    [InlineData("color black", "('color', 'black')", 100)]
    [InlineData("café", "caf", 100)]
    [InlineData("", "x", 0)]
    [InlineData("é", "é", 0)]
    [InlineData("28\" x 28\"", "28 X 28", 100)]
    [InlineData("snake_case", "snake case", 50)]
    public void It_is_thefuzzs(string left, string right, int expected) => TokenSetRatio.Of(left, right).ShouldBe(expected);

    [Fact]
    public void It_is_symmetric_and_full_for_a_subset()
    {
        Gen.Select(Gen.String[Gen.Char["abc d"], 1, 12], Gen.String[Gen.Char["abc d"], 1, 12]).Sample((left, right) =>
        {
            TokenSetRatio.Of(left, right).ShouldBe(TokenSetRatio.Of(right, left));
            if (!string.IsNullOrWhiteSpace(left)) TokenSetRatio.Of(left, $"{left} {right}").ShouldBe(100);
        });
    }
}
