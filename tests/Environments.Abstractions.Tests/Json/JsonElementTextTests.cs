using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Abstractions.Tests.Json;

public sealed class JsonElementTextTests
{
    [Fact]
    public void A_text_is_what_was_written()
    {
        // No theory: attributes cannot hold lone surrogates.
        foreach (var (json, text) in ((string, string)[])
        [
            ("\"\"", ""),
            ("\"é\\u00e9\\n\"", "éé\n"),
            ("\"\\ud83d\\ude00\"", "😀"),
            ("\"\\ud800\"", "\ud800"),
            ("\"a\\udc00\\ud800b\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\"", "a\udc00\ud800b\"\\/\b\f\n\r\t\0"),
            ("\"\\ud800 😀 é \\ud83d\\ude00\"", "\ud800 😀 é 😀"),
        ])
        {
            Parse(json).Text().ShouldBe(text);
        }
    }

    [Fact]
    public void Every_text_there_can_be_is_read_back()
    {
        var unit = Gen.OneOf(Gen.Char, Gen.Char['\ud800', '\udfff'], Gen.Char['\0', '~'], Gen.Char['"', '"'], Gen.Char['\\', '\\']);
        Gen.Select(unit.Array[0, 20], Gen.Bool.Array[20]).Sample((units, escaped) =>
        {
            var json = new StringBuilder("\"");
            for (var i = 0; i < units.Length; i++)
            {
                var mustEscape = units[i] is '"' or '\\' || units[i] < ' ' || char.IsSurrogate(units[i]);
                if (mustEscape || escaped[i]) json.Append(CultureInfo.InvariantCulture, $"\\u{(int)units[i]:x4}");
                else json.Append(units[i]);
            }

            return Parse(json.Append('"').ToString()).Text() == new string(units);
        });
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_become_replacement_characters()
    {
        using var document = JsonDocument.Parse(new byte[] { (byte)'"', (byte)'a', 0xff, (byte)'b', (byte)'"' });
        document.RootElement.Text().ShouldBe("a\ufffdb");
    }

    [Theory]
    [InlineData("""{"a":1,"b":2}""", "b", "2")]
    [InlineData("""{"a":1,"a":2}""", "a", "2")]
    [InlineData("""{"\ud800abcdefghijklmnop":1,"b":2}""", "b", "2")]
    [InlineData("""{"b":2,"\udfff":1}""", "b", "2")]
    [InlineData("""{"b":1,"\ud800abcdefghijklmnop":1,"b":2}""", "b", "2")]
    [InlineData("""{"\u0062":2,"\ud800abcdefghijklmnop":1}""", "b", "2")]
    [InlineData("""{"\ud800abcdefghijklmnop":1}""", "b", null)]
    [InlineData("{}", "b", null)]
    public void A_member_is_found_beside_names_that_are_no_text(string json, string name, string? value)
    {
        Parse(json).TryGetMember(name, out var found).ShouldBe(value is not null);
        if (value is not null) found.GetRawText().ShouldBe(value);
    }

    [Fact]
    public void Only_objects_have_members() => Should.Throw<InvalidOperationException>(() => Parse("[]").TryGetMember("b", out _));

    [Theory]
    [InlineData("{\"a\":1}", "an object")]
    [InlineData("[1]", "an array")]
    [InlineData("null", "null")]
    [InlineData("1.50", "1.50")]
    [InlineData("\"a\\nb\"", "\"a\\nb\"")]
    public void A_value_is_shown_on_one_line(string json, string shown) => Parse(json).Shown().ShouldBe(shown);

    [Fact]
    public void A_long_value_is_shown_short()
    {
        Parse($"\"{new string('x', 1_000_000)}\"").Shown().Length.ShouldBe(61);
        Parse($"\"{new string('x', 58)}😀x\"").Shown().ShouldBe($"\"{new string('x', 58)}…", "no half of a character");
        default(JsonElement).Shown().ShouldBe("nothing");
    }

    private static JsonElement Parse(string json) => JsonElement.Parse(Encoding.UTF8.GetBytes(json));
}
