using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Abstractions.Tests.Episodes;

public sealed class AgentTextTests
{
    private static readonly Gen<string> Text = Gen.OneOf<string>(Gen.String, Gen.OneOf<string>("<a>", "</a>", "<A>", "</A>", "x")).List[0, 12].Select(parts => string.Concat(parts));

    [Theory]
    [InlineData("<a>1</a>", "1")]
    [InlineData("<a>1</a> or rather <a>2</a>.", "2")]
    [InlineData("<A> 1\n</a>", " 1\n")]
    [InlineData("<a></a>", "")]
    [InlineData("<a>1</a> and <a>2", "1")]
    [InlineData("<a>1</a> and 2</a>", "1")]
    [InlineData("<a><a>1</a></a>", "1")]
    [InlineData("<a>1", null)]
    [InlineData("1</a>", null)]
    [InlineData("</a>1<a>", null)]
    [InlineData("", null)]
    public void The_last_complete_tag_counts(string text, string? content)
    {
        AgentText.LastTagged(text, "a").ShouldBe(content);
    }

    [Fact]
    public void What_is_found_stood_between_tags_in_any_text()
    {
        Text.Sample(text => AgentText.LastTagged(text, "a") is not { } content || text.Contains($"<a>{content}</a>", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("left", "\"left\"")]
    [InlineData("a\nb\0", "\"a\uFFFDb\uFFFD\"")]
    public void A_quotation_is_one_well_formed_line(string text, string quoted)
    {
        AgentText.Quoted(text).ShouldBe(quoted);
    }

    [Fact]
    public void A_quotation_of_half_a_character_is_well_formed()
    {
        AgentText.Quoted("a\ud800b").ShouldBe("\"a\uFFFDb\"");
        AgentText.Quoted(new string('x', 59) + "😀").ShouldBe($"\"{new string('x', 59)}\uFFFD…\"");
    }

    [Fact]
    public void A_quotation_is_short()
    {
        AgentText.Quoted(new string('x', 10_000_000)).ShouldBe($"\"{new string('x', 60)}…\"");
    }
}
