using CsCheck;
using SandQueue.Environments.Bfcl.Prompts;

namespace SandQueue.Environments.Tests.Bfcl.Prompts;

public sealed class ToolNamesTests
{
    [Fact]
    public void A_dot_becomes_an_underscore_and_both_names_lead_back()
    {
        var names = new ToolNames(["math.hypot", "plain-name_1"]);
        names.Offered("math.hypot").ShouldBe("math_hypot");
        names.Offered("plain-name_1").ShouldBe("plain-name_1");
        names.Original("math_hypot").ShouldBe("math.hypot");
        names.Original("math.hypot").ShouldBe("math.hypot");
    }

    [Fact]
    public void Names_that_would_fall_together_stay_apart()
    {
        var names = new ToolNames(["a.b", "a_b", "a b"]);
        new[] { "a.b", "a_b", "a b" }.Select(names.Offered).ShouldBe(["a_b_2", "a_b", "a_b_3"]);
        names.Original("a_b_3").ShouldBe("a b");
    }

    [Fact]
    public void An_unknown_name_stays_as_it_is()
    {
        new ToolNames(["math.hypot"]).Original("math/hypot").ShouldBe("math/hypot");
    }

    [Fact]
    public void Any_names_are_offered_as_allowed_ones_that_lead_back()
    {
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["ab._-"], 0, 4], Gen.String[Gen.Char["ab."], 60, 70]).HashSet[0, 12].Sample(originals =>
        {
            var names = new ToolNames(originals);
            var offered = originals.Select(names.Offered).ToList();
            offered.ShouldAllBe(name => name.Length > 0 && name.Length <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || c == '-'));
            offered.ShouldBeUnique();
            offered.Select(names.Original).ShouldBe(originals);
        });
    }
}
