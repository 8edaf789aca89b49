using System.Text;
using System.Text.Json;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Tests.Http;

public sealed class JsonFieldsTests
{
    [Fact]
    public void Missing_and_null_are_the_same()
    {
        Read("{}").Optional("a").ShouldBeNull();
        Read("""{"a":null}""").Optional("a").ShouldBeNull();
        Should.Throw<BadRequestException>(() => Read("""{"a":null}""").Required("a")).Message.ShouldBe("a is required");
    }

    [Theory]
    [InlineData("7", "a must be a string, not 7")]
    [InlineData("[]", "a must be a string, not an array")]
    [InlineData("\"\"", "a must not be empty")]
    [InlineData("\"x\\u0000\"", "a must not contain NUL")]
    [InlineData("\"\\ud800\"", "a is not valid text")]
    public void A_wrong_value_is_named(string json, string message)
    {
        Should.Throw<BadRequestException>(() => Read($$"""{"a":{{json}}}""").Required("a")).Message.ShouldBe(message);
    }

    [Fact]
    public void An_id_has_at_most_200_characters()
    {
        Read($$"""{"a":"{{new string('x', 200)}}"}""").Required("a").Length.ShouldBe(200);
        Should.Throw<BadRequestException>(() => Read($$"""{"a":"{{new string('x', 201)}}"}""").Required("a")).Message.ShouldContain("200");
    }

    [Fact]
    public void An_objects_bytes_pass_through_as_they_came()
    {
        const string Odd = """{ "b" : "\ud800é", "n":1.50 }""";
        Encoding.UTF8.GetString(JsonFields.Bytes(Read($$"""{"a":{{Odd}}}""").Object("a"))).ShouldBe(Odd);
    }

    [Fact]
    public void An_empty_object_is_none()
    {
        JsonFields.Bytes(Read("""{"a":{}}""").Object("a")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("true")]
    [InlineData("-1e400")]
    [InlineData("\"\\udc00\"")]
    [InlineData("[[]]")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    public void No_value_of_another_type_is_worse_than_a_bad_request(string value)
    {
        var wrong = Should.Throw<BadRequestException>(() => Read($$"""{"a":{{value}}}""").Integer("a"));
        wrong.Message.ShouldStartWith("a must be an integer");
        wrong.Status.ShouldBe(400);
        Should.Throw<BadRequestException>(() => Read($$"""{"a":{{value}}}""").Object("a")).Message.ShouldStartWith("a must be an object");
    }

    private static JsonFields Read(string json) => new(JsonDocument.Parse(json).RootElement);
}
