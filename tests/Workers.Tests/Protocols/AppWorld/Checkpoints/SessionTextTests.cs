using SandQueue.Workers.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

public sealed class SessionTextTests
{
    [Theory]
    [InlineData("""{"names":{"x":{"v":1},"m":{"m":"math"},"c":{"f":["collections.abc","Iterator"]},"apis":{"o":["a","b"]}}}""")]
    [InlineData("""{"names":{}}""")]
    public void A_session_is_taken(string session) => SessionText.WhyNone(session).ShouldBeNull();

    [Theory]
    [InlineData("""{"refused":"the variable f holds a value of the type function"}""", "the variable f")]
    [InlineData("""{"names":{"o":{"m":"os"}}}""", "o holds something of the module os")]
    [InlineData("""{"names":{"o":{"f":["subprocess","run"]}}}""", "subprocess")]
    [InlineData("""{"names":{"o":{"f":7}}}""", "no session")]
    [InlineData("""{"names":[]}""", "no session")]
    [InlineData("""{"names":{"x":{"v":NaN}}}""", "no session")]
    [InlineData("{}", "no session")]
    [InlineData("Execution failed. Traceback:", "Execution failed")]
    [InlineData("{\"names\":{\"\u00e9\":{\"v\":1}}}", "printed")]
    public void What_is_none_is_not(string session, string why) => SessionText.WhyNone(session).ShouldNotBeNull().ShouldContain(why);
}
