using CsCheck;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Abstractions.Tests.Json;

public sealed class WholeCharactersTests
{
    [Theory]
    [InlineData("", 0, "")]
    [InlineData("abc", 0, "")]
    [InlineData("abc", 2, "ab")]
    [InlineData("abc", 3, "abc")]
    [InlineData("a😀c", 1, "a")]
    [InlineData("a😀c", 2, "a")]
    [InlineData("a😀c", 3, "a😀")]
    [InlineData("😀", 1, "")]
    public void A_text_is_cut_between_characters(string text, int longest, string beginning) => WholeCharacters.Beginning(text, longest).ShouldBe(beginning);

    [Fact]
    public void Halves_that_stood_alone_before_stay() => WholeCharacters.Beginning("\ud83d\ud83dx", 2).ShouldBe("\ud83d\ud83d");

    [Fact]
    public void What_is_cut_is_a_beginning_and_at_most_one_shorter_than_it_may_be() =>
        Gen.Select(Gen.OneOf<string>("a", "😀", "\ud83d", "\ude00").List[0, 8], Gen.Int[0, 12]).Sample((pieces, longest) =>
        {
            var text = string.Concat(pieces);
            var cut = WholeCharacters.Beginning(text, longest);
            return text.StartsWith(cut, StringComparison.Ordinal) && cut.Length <= longest && cut.Length >= Math.Min(text.Length, longest - 1);
        });
}
