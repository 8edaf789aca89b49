using SandQueue.Workers.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

public sealed class SessionTextTests
{
    [Theory]
    [InlineData("""{"names":{"x":{"v":1},"m":{"m":"math"},"c":{"f":["collections.abc","Iterator"]},"apis":{"o":["a","b"]}},"nodes":[["list",[{"t":["datetime","date","2023-05-18"]}],null]]}""")]
    [InlineData("""{"names":{},"nodes":[]}""")]
    public void A_session_is_taken(string session) => SessionText.WhyNone(session, out _).ShouldBeNull();

    [Theory]
    [InlineData("""{"refused": "the variable f holds a value of the type function"}""", "the variable f", false)]
    [InlineData("""{"names":{"o":{"m":"os"}},"nodes":[]}""", "the module os", false)]
    [InlineData("""{"names":{"o":{"f":["subprocess","run"]}},"nodes":[]}""", "subprocess", false)]
    [InlineData("""{"names":{"o":{"t":["this","s",""]}},"nodes":[]}""", "the module this", false)]
    [InlineData("""{"names":{},"nodes":[["list",[{"t":["this","s",""]}],null]]}""", "the module this", false)]
    [InlineData("""{"names":{"o":{"f":[]}},"nodes":[]}""", "no session", false)]
    [InlineData("""{"names":{"o":{"f":7}},"nodes":[]}""", "no session", false)]
    [InlineData("""{"names":[],"nodes":[]}""", "no session", false)]
    [InlineData("""{"names":{"x":{"v":NaN}},"nodes":[]}""", "no session", false)]
    [InlineData("{}", "no session", false)]
    [InlineData("Execution failed. Traceback:", "Execution failed", true)]
    [InlineData("{\"names\":{\"\u00e9\":{\"v\":1}}}", "printed", true)]
    public void What_is_none_is_not(string session, string why, bool isTheServers)
    {
        SessionText.WhyNone(session, out var serverFailed).ShouldNotBeNull().ShouldContain(why);
        serverFailed.ShouldBe(isTheServers);
    }
}
