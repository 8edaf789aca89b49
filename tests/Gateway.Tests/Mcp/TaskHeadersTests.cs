using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp;

namespace SandQueue.Gateway.Tests.Mcp;

public sealed class TaskHeadersTests
{
    [Fact]
    public void They_say_what_open_task_takes() => TaskHeaders.Read(new HeaderDictionary
    {
        ["SandQueue-Environment"] = "frozenlake",
        ["SandQueue-Task"] = "4x4-0",
        ["SandQueue-Instance"] = "mine",
        ["SandQueue-Params"] = """{"seed":1}""",
    })!.Value.GetRawText().ShouldBe("""{"env_type":"frozenlake","task_id":"4x4-0","instance_id":"mine","params":{"seed":1}}""");

    [Fact]
    public void A_session_without_them_begins_without_a_task() => TaskHeaders.Read(new HeaderDictionary { ["SandQueue-Params"] = "{}" }).ShouldBeNull();

    [Theory]
    [InlineData("SandQueue-Task", "t", "", "", "the header SandQueue-Environment is missing")]
    [InlineData("SandQueue-Environment", "e", "", "", "the header SandQueue-Task is missing")]
    [InlineData("SandQueue-Environment", "e", "SandQueue-Task", "", "the header SandQueue-Task is empty")]
    public void Half_of_them_is_a_mistake(string name, string value, string other, string otherValue, string told)
    {
        var headers = new HeaderDictionary { [name] = value };
        if (other.Length > 0) headers[other] = otherValue;

        Should.Throw<BadRequestException>(() => TaskHeaders.Read(headers)).Message.ShouldStartWith(told);
    }

    [Fact]
    public void One_that_is_there_twice_or_no_JSON_is_a_mistake()
    {
        Should.Throw<BadRequestException>(() => TaskHeaders.Read(new HeaderDictionary { ["SandQueue-Environment"] = "e", ["SandQueue-Task"] = new StringValues(["a", "b"]) })).Message.ShouldContain("more than once");
        Should.Throw<BadRequestException>(() => TaskHeaders.Read(new HeaderDictionary { ["SandQueue-Environment"] = "e", ["SandQueue-Task"] = "t", ["SandQueue-Params"] = "{" })).Message.ShouldContain("is no JSON");
    }
}
