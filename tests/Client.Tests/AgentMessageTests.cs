using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SandQueue.Client.Tests;

public sealed class AgentMessageTests
{
    [Fact]
    public void Text_is_the_content_of_a_message_whatever_is_in_it()
    {
        var message = JsonElement.Parse(AgentMessage.FromText("\"ü\n\0 </think> {").Json.Span);

        (message.GetProperty("role").GetString(), message.GetProperty("content").GetString()).ShouldBe(("assistant", "\"ü\n\0 </think> {"));
    }

    [Fact]
    public void A_whole_message_stays_as_it_is_to_the_byte()
    {
        const string Message = """{ "content" : null , "tool_calls":[{"id":1.0}], "x":1e400 }""";

        AgentMessage message = JsonElement.Parse(Message);

        Encoding.UTF8.GetString(message.Json.Span).ShouldBe(Message);
    }

    [Fact]
    public void What_is_no_object_is_no_message()
    {
        Should.Throw<ArgumentException>(() => AgentMessage.FromJson(JsonElement.Parse("[]"))).Message.ShouldStartWith("the agent's message is a JSON object, not Array");
        Should.Throw<ArgumentException>(() => AgentMessage.FromJson(default(JsonElement)));
        Should.Throw<ArgumentNullException>(() => AgentMessage.FromJson((JsonObject)null!));
        Should.Throw<ArgumentNullException>(() => AgentMessage.FromText(null!));
    }
}
