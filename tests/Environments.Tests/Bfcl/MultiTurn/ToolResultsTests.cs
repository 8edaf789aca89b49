using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.Bfcl.MultiTurn;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

public sealed class ToolResultsTests
{
    [Theory]
    [InlineData(3_999_999)]
    [InlineData(4_000_000)]
    [InlineData(3_999_998)]
    public void A_long_result_is_cut_between_characters(int before)
    {
        var results = new ToolResults();
        results.Add(new AgentCall("a", "cat", default), $"{new string('x', before)}😀 and more");

        var shown = results.ToolMessages.ShouldHaveSingleItem().Content;

        JsonText.IsWellFormed(shown).ShouldBeTrue();
        shown[3_999_990..].ShouldContain(before == 3_999_998 ? "x😀… (cut: " : "x… (cut: ");
        JsonText.IsWellFormed(results.Message()).ShouldBeTrue();
    }
}
