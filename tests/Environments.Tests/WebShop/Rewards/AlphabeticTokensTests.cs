using SandQueue.Environments.WebShop.Rewards;

namespace SandQueue.Environments.Tests.WebShop.Rewards;

public sealed class AlphabeticTokensTests
{
    [Theory]
    [InlineData("School T-Shirt, 100th Day 3D", "school t-shirt day")]
    [InlineData("Women's Pants(2112&CAT2) 7.5oz", "women's pants")]
    [InlineData("Crème - Brûlée's", "crème brûlée's")]
    [InlineData("1pc snake_case -- '", "")]
    public void Words_without_digits_are_nouns(string name, string expected) =>
        new AlphabeticTokens().Nouns(name).ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
