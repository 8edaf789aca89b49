using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Abstractions.Tests.Episodes;

public sealed class NearNameTests
{
    private static readonly string[] Known = ["max_steps", "prompt_template", "seed"];

    [Theory]
    [InlineData("max_step", "max_steps")]
    [InlineData("maxsteps", "max_steps")]
    [InlineData("MAX_STEPS", "max_steps")]
    [InlineData("promt_templat", "prompt_template")]
    [InlineData("sed", "seed")]
    [InlineData("speed", "seed")]
    [InlineData("colour", null)]
    [InlineData("s", null)]
    [InlineData("", null)]
    public void A_typo_has_two_edits_at_most(string name, string? meant) => NearName.Of(name, Known).ShouldBe(meant);

    [Fact]
    public void Any_letter_of_a_name_may_be_missing_doubled_or_wrong()
    {
        Gen.Select(Gen.OneOf<string>("max_steps", "prompt_template"), Gen.Int[0, 8], Gen.Int[0, 2]).Sample((name, at, how) =>
            NearName.Of(how switch { 0 => name.Remove(at, 1), 1 => name.Insert(at, "x"), _ => name.Remove(at, 1).Insert(at, "x") }, Known) == name);
    }

    [Fact]
    public void A_name_of_megabytes_costs_nothing() => NearName.Of(new string('s', 10_000_000), Known).ShouldBeNull();

    [Fact]
    public void Nothing_is_near_where_nothing_is_known() => NearName.Of("seed", []).ShouldBeNull();
}
