using System.Text;
using SandQueue.Gateway.Mcp.Calls;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.Tests.Mcp.Calls;

public sealed class ToolListTests
{
    [Fact]
    public void A_tool_of_the_task_keeps_its_name_and_the_doors_gets_another()
    {
        var task = Playing("""[{"name":"release"},{"name":"open_task"}]""");

        ToolList.Of(task).Tools.Select(tool => tool.Name).ShouldBe(["release", "open_task", "send_message", "evaluate", "sandqueue_release"]);
        DoorTools.Meant("release", task).ShouldBeNull();
        DoorTools.Meant("sandqueue_release", task).ShouldBe("release");
        DoorTools.Meant("evaluate", task).ShouldBe("evaluate");
        DoorTools.Meant("sandqueue_open_task", task).ShouldBe("open_task");
        DoorTools.Meant("sandqueue_dance", task).ShouldBeNull();
        DoorTools.Meant("open_task", null).ShouldBe("open_task");
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""", """{"type":"object","properties":{"a":{"type":"string"}}}""")]
    [InlineData("{}", """{"type":"object"}""")]
    [InlineData("""{"type":"dict","properties":{"a":{}}}""", """{"type":"object","properties":{"a":{}}}""")]
    [InlineData("""{"type":["object","null"],"x-\"y":1}""", """{"type":"object","x-\u0022y":1}""")]
    [InlineData("""{"properties":{"type":{"type":"dict"}}}""", """{"type":"object","properties":{"type":{"type":"dict"}}}""")]
    public void What_a_tool_takes_is_an_object_whatever_its_environment_calls_it(string schema, string shown) =>
        ToolList.Of(Playing($$"""[{"name":"n","parameters":{{schema}}}]""")).Tools[0].InputSchema.GetRawText().ShouldBe(shown);

    private static OpenTask Playing(string tools) => new("i", "e", "t", OfferedTools.Of(Encoding.UTF8.GetBytes($$$"""{"info":{"tools":{{{tools}}}}}""")), 0, "c");
}
