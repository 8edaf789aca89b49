using System.Text;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.Tests.Tools;

public sealed class OfferedToolsTests
{
    private const string Move = """{"type":"function","function":{"name":"move","description":"Take one step.","parameters":{"type":"object","properties":{"direction":{"type":"string"}}}}}""";

    [Fact]
    public void The_tools_of_a_create_are_offered_in_their_order_and_a_plain_message_after_them()
    {
        var tools = Of($$$"""[{{{Move}}},{"name":"flat","parameters":{"type":"object"}}]""");

        tools.All.Select(tool => tool.Name).ShouldBe(["move", "flat", "send_message"]);
        tools.All[0].Description.ShouldBe("Take one step.");
        tools.All[0].Parameters.GetRawText().ShouldBe("""{"type":"object","properties":{"direction":{"type":"string"}}}""");
        tools.All[1].Description.ShouldBeEmpty();
        tools.IsTextOnly.ShouldBeFalse();
        tools.Takes("move").ShouldBeTrue();
        tools.Takes("send_message").ShouldBeFalse();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"Available tools: none\"")]
    [InlineData("""[1,null,"move",{},{"name":""},{"name":3},{"function":{"description":"none"}}]""")]
    public void Where_the_environment_offers_nothing_that_can_be_called_a_plain_message_is_all_there_is(string listed)
    {
        var tools = Of(listed);

        tools.IsTextOnly.ShouldBeTrue();
        tools.All.ShouldBe([OfferedTool.SendMessage]);
    }

    [Fact]
    public void An_environment_with_a_tool_of_that_name_keeps_it()
    {
        var tools = Of("""[{"name":"send_message","description":"Sends a text message to somebody."}]""");

        tools.All.Single().Description.ShouldBe("Sends a text message to somebody.");
        tools.Takes("send_message").ShouldBeTrue();
    }

    [Fact]
    public void A_step_that_hands_out_more_functions_changes_them_and_another_does_not()
    {
        var tools = Of($"[{Move}]");
        tools.After("""{"state":[],"reward":0,"is_terminated":false,"info":{"step":1}}"""u8.ToArray()).ShouldBeSameAs(tools);
        tools.After("1.0"u8.ToArray()).ShouldBeSameAs(tools);

        var after = tools.After(Encoding.UTF8.GetBytes($$$"""{"info":{"step":1,"tools":[{{{Move}}},{"name":"swim"}]}}"""));

        after.All.Select(tool => tool.Name).ShouldBe(["move", "swim", "send_message"]);
        after.IsSameAs(tools).ShouldBeFalse();
        tools.IsSameAs(Of($"[{Move}]")).ShouldBeTrue();
    }

    private static OfferedTools Of(string tools) => OfferedTools.Of(Encoding.UTF8.GetBytes($$$"""{"state":[],"info":{"instance_id":"i","tools":{{{tools}}}}}"""));
}
