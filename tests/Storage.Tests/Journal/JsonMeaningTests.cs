using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using SandQueue.Storage.Journal;
using static System.FormattableString;

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
    [InlineData("1.0", "10e-1")]
    [InlineData("1", "10E-1")]
    [InlineData("-0.0", "0e99999999999999999999")]
    [InlineData("1e-30", "0.1e-29")]
    [InlineData("10e400", "1e+401")]
    [InlineData("1e99999999999999999999", "0.01e100000000000000000001")]
    [InlineData("1e0400", "1e400")]
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
    [InlineData("1e400", "1e401")]
    [InlineData("1e-30", "2e-30")]
    [InlineData("1e-30", "0")]
    [InlineData("1", "-1")]
    [InlineData("1e5", "1e-5")]
    [InlineData("1e99999999999999999999", "1e99999999999999999998")]
    [InlineData("1.00000000000000000000000000000001", "1.00000000000000000000000000000002")]
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

    [Fact]
    public void A_number_is_its_value_however_it_is_written() => Gen.Select(Numbers, Numbers).Sample((one, other) =>
        Same(one.Text, other.Text) == (one.Value == other.Value));

    [Fact]
    public void A_number_whose_point_is_moved_stays_the_same() => Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[-500, 500], Gen.Int[0, 40]).Sample((digits, exponent, zeros) =>
        Same(Invariant($"{digits}e{exponent}"), Invariant($"{digits}{new string('0', zeros)}e{exponent - zeros}"))
        && Same(Invariant($"{digits}e{exponent}"), Invariant($"0.{new string('0', zeros)}{digits}E{exponent + zeros + Invariant($"{digits}").Length}"))
        && !Same(Invariant($"{digits}e{exponent}"), Invariant($"{digits}e{exponent + 1}")));

    /// <summary>Numbers that often are equal, as JSON writes them, with their value as a numerator over ten to the sixtieth.</summary>
    private static Gen<(string Text, BigInteger Value)> Numbers { get; } =
        Gen.Select(Gen.Bool, Gen.Int[0, 20], Gen.String[Gen.Char['0', '1'], 1, 3], Gen.Int[-40, 40]).Select((negative, whole, fraction, exponent) =>
        {
            var text = Invariant($"{(negative ? "-" : "")}{whole}.{fraction}e{exponent}");
            var digits = BigInteger.Parse(Invariant($"{whole}{fraction}"), CultureInfo.InvariantCulture) * BigInteger.Pow(10, 60 + exponent - fraction.Length);
            return (text, negative ? -digits : digits);
        });

    private static bool Same(string one, string other) => JsonMeaning.AreSame(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
