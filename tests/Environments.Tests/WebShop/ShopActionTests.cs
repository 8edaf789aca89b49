using System.Text.RegularExpressions;
using CsCheck;
using SandQueue.Environments.WebShop;

namespace SandQueue.Environments.Tests.WebShop;

public sealed partial class ShopActionTests
{
    [Theory]
    [InlineData("search[red shoes]", "Search: red shoes")]
    [InlineData("click[< Prev]", "Click: < Prev")]
    [InlineData("I look for shoes.\nsearch[red shoes]", "Search: red shoes")]
    [InlineData("Action: click[Buy Now].", "Click: Buy Now")]
    [InlineData("first search[a], then click[b]", "Click: b")]
    [InlineData("click[a] b]", "Click: a] b")]
    [InlineData("click[b] as in [1]", "Click: b")]
    [InlineData("search[a] or click[]", "Search: a")]
    [InlineData("click[x [2 pack]]", null)]
    [InlineData("search[a\nb]", null)]
    [InlineData("search[]", null)]
    [InlineData("research[a]", null)]
    [InlineData("Click[a]", null)]
    [InlineData("think[hm]", null)]
    [InlineData("", null)]
    public void The_last_action_of_a_message_counts(string message, string? expected) =>
        (ShopAction.Read(message) is { } action ? $"{action.Verb}: {action.Argument}" : null).ShouldBe(expected);

    [Fact]
    public void A_message_that_is_an_action_is_read_as_the_original_reads_it()
    {
        Gen.Select(Gen.OneOf("search[", "click["), Gen.String[Gen.Char["ab[] \n"], 0, 12]).Sample((verb, rest) =>
        {
            // The original takes the last opening bracket for the action's, so that the verb is spoilt by any other.
            var original = Original().Match(verb + rest);
            var expected = original.Success && original.Groups[1].Value is "search" or "click" ? original.Groups[2].Value : null;
            if (rest.Contains('[', StringComparison.Ordinal)) return;
            ShopAction.Read(verb + rest)?.Argument.ShouldBe(expected);
            (ShopAction.Read(verb + rest) is null).ShouldBe(expected is null);
        });
    }

    [Fact]
    public void No_message_is_too_odd()
    {
        Gen.String[Gen.Char["serachlik[]\n\ud800"], 0, 60].Sample(message => ShopAction.Read(message));
        ShopAction.Read(string.Concat(Enumerable.Repeat("click[", 100_000))).ShouldBeNull();
    }

    [GeneratedRegex(@"\A(.+)\[(.+)\]")]
    private static partial Regex Original();
}
