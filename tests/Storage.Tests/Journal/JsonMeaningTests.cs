using System.Text;
using CsCheck;
using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Tests.Journal;

public sealed class JsonMeaningTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{ "b" : [1, 2], "a" : 1 }""")]
    [InlineData("""{"a":null,"b":1}""", """{"b":1}""")]
    [InlineData("""{"m":{"x":null}}""", """{"m":{}}""")]
    [InlineData("{}", "")]
    [InlineData("""{"a":1.50}""", """{"a":1.5}""")]
    [InlineData("""{"a":1.0}""", """{"a":1}""")]
    [InlineData("""{"a":1e2}""", """{"a":100}""")]
    [InlineData("\"\\u00e9\"", "\"é\"")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    public void Values_that_mean_the_same_are_the_same(string one, string other)
    {
        Same(one, other).ShouldBeTrue();
        Same(other, one).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[null]", "[]")]
    [InlineData("""{"a":""}""", """{"a":null}""")]
    [InlineData("""{"a":false}""", """{"a":null}""")]
    [InlineData("1e400", "2e400")]
    [InlineData("12345678901234567890123456789012", "12345678901234567890123456789013")]
    [InlineData("\"a\\ud800\"", "\"a\\ud801\"")]
    [InlineData("{broken", "{ broken")]
    [InlineData("{}", "[]")]
    public void Values_that_mean_something_else_are_not(string one, string other) => Same(one, other).ShouldBeFalse();

    [Fact]
    public void What_is_nested_too_deeply_is_compared_byte_for_byte()
    {
        var deep = $"{new string('[', 100)}{new string(']', 100)}";
        Same(deep, deep).ShouldBeTrue();
        Same(deep, $" {deep}").ShouldBeFalse();
    }

    [Fact]
    public void The_order_of_members_never_matters() => Gen.Dictionary(Gen.String, Gen.Int)[0, 8].Sample(members =>
    {
        var forward = System.Text.Json.JsonSerializer.Serialize(members.ToDictionary());
        var backward = System.Text.Json.JsonSerializer.Serialize(members.Reverse().ToDictionary());
        return Same(forward, backward);
    });

    private static bool Same(string one, string other) => JsonMeaning.AreSame(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
