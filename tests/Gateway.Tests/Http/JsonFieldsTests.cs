using System.Text;
using System.Text.Json;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Tests.Http;

public sealed class JsonFieldsTests
{
    [Fact]
    public void A_text_is_read_and_one_that_must_be_there_is_missed()
    {
        var fields = Read("""{"a":"é😀","b":null}""");
        fields.Required("a").ShouldBe("é😀");
        fields.Optional("b").ShouldBeNull();
        fields.Optional("c").ShouldBeNull();
        Refusal(() => fields.Required("b")).ShouldBe("b is required");
        Refusal(() => fields.Required("c")).ShouldBe("c is required");
    }

    [Theory]
    [InlineData("\"\"", "a must not be empty")]
    [InlineData("3", "a must be a string, not 3")]
    [InlineData("{}", "a must be a string, not an object")]
    [InlineData("[\"x\"]", "a must be a string, not an array")]
    [InlineData("true", "a must be a string, not true")]
    [InlineData("\"x\\u0000\"", "a must not contain NUL")]
    [InlineData("\"\\ud800\"", "a is not valid text")]
    public void What_is_no_text_is_refused_by_name(string value, string said) => Refusal(() => Read($$"""{"a":{{value}}}""").Optional("a")).ShouldBe(said);

    [Fact]
    public void A_text_may_be_as_long_as_a_key_in_the_database()
    {
        Read($$"""{"a":"{{new string('x', 200)}}"}""").Optional("a")!.Length.ShouldBe(200);
        Refusal(() => Read($$"""{"a":"{{new string('x', 201)}}"}""").Optional("a")).ShouldBe("a must have at most 200 characters");
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("-1", -1)]
    [InlineData("null", null)]
    public void An_integer_is_read(string value, int? number) => Read($$"""{"a":{{value}}}""").Integer("a").ShouldBe(number);

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("2147483648")]
    [InlineData("\"1\"")]
    [InlineData("true")]
    [InlineData("[]")]
    public void What_is_no_integer_is_refused_by_name(string value) => Refusal(() => Read($$"""{"a":{{value}}}""").Integer("a")).ShouldStartWith("a must be an integer, not ");

    [Fact]
    public void An_object_is_taken_out_byte_for_byte()
    {
        JsonFields.Bytes(Read("""{"a":{ "y" : 1.0,"x":"\ud800" } }""").Object("a")).ShouldBe(Encoding.UTF8.GetBytes("""{ "y" : 1.0,"x":"\ud800" }"""));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"a":{}}""")]
    [InlineData("""{"a":{ }}""")]
    public void No_object_and_an_empty_one_are_the_same(string json) => JsonFields.Bytes(Read(json).Object("a")).ShouldBeEmpty();

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("\"{}\"", "a string")]
    [InlineData("0", "0")]
    public void What_is_no_object_is_refused_by_name(string value, string shown) =>
        Refusal(() => Read($$"""{"a":{{value}}}""").Object("a")).ShouldBe($"a must be an object, not {shown}");

    [Fact]
    public void Members_of_nothing_are_missing()
    {
        new JsonFields(default).Optional("a").ShouldBeNull();
        new JsonFields(default).Has("a").ShouldBeFalse();
    }

    private static string Refusal(Func<object?> look) => Should.Throw<BadRequestException>(() => look()).Message;

    private static JsonFields Read(string json) => new(JsonElement.Parse(Encoding.UTF8.GetBytes(json)));
}
