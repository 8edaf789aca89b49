using System.Text;
using System.Text.Json;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.Tests.Verbs;

public sealed class VerbCallTests
{
    [Fact]
    public void The_header_goes_before_the_parameter()
    {
        Call("""{"params":{"_command_id":"mine"}}""", "header").CommandId().ShouldBe("header");
        Call("""{"params":{"_command_id":"mine"}}""").CommandId().ShouldBe("mine");
    }

    [Fact]
    public void Without_an_id_every_call_has_a_new_one()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => Call("{}").CommandId()).ToList();
        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => id.Length <= 200);
    }

    [Fact]
    public void An_id_that_is_too_long_is_refused()
    {
        Should.Throw<BadRequestException>(() => Call("{}", new string('x', 201)).CommandId()).Message.ShouldContain("Idempotency-Key");
        Should.Throw<BadRequestException>(() => Call($$$"""{"params":{"_command_id":"{{{new string('x', 201)}}}"}}""").CommandId()).Message.ShouldContain("_command_id");
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"params":{}}""", null)]
    [InlineData("""{"params":{"_step":3}}""", 3)]
    public void A_step_may_name_its_number(string json, int? step) => Call(json).ExpectedStep().ShouldBe(step);

    [Fact]
    public void A_number_that_is_none_is_refused() => Should.Throw<BadRequestException>(() => Call("""{"params":{"_step":"3"}}""").ExpectedStep()).Message.ShouldContain("_step");

    private static VerbCall Call(string json, string? key = null) => new("a", new JsonFields(JsonElement.Parse(Encoding.UTF8.GetBytes(json))), key);
}
