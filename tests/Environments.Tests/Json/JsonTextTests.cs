using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Tests.Json;

public sealed class JsonTextTests
{
    [Fact]
    public void A_text_is_written_as_it_is_and_lone_surrogates_as_escapes()
    {
        // No theory: attributes cannot hold lone surrogates.
        foreach (var (text, written) in ((string, string)[])
        [
            ("plain <b>&'é", "plain <b>&'é"), ("a\"b\\c", "a\\\"b\\\\c"), ("a\nb", "a\\nb"), ("a\ud800\"é", "a\\ud800\\\"\\u00e9"), ("\udc00\ud800", "\\udc00\\ud800"),
        ])
        {
            Write(writer => writer.WriteText("t", text)).ShouldBe($$"""{"t":"{{written}}"}""");
        }
    }

    [Fact]
    public void Every_text_there_can_be_comes_back()
    {
        var unit = Gen.OneOf(Gen.Char, Gen.Char['\ud800', '\udfff'], Gen.Char['\0', '~']);
        unit.Array[0, 30].Select(units => new string(units)).Sample(text =>
        {
            var json = Write(writer => writer.WriteText("t", text));
            return JsonElement.Parse(Encoding.UTF8.GetBytes(json)).GetProperty("t").Text() == text;
        });
    }

    [Theory]
    [InlineData(1, "1.0")]
    [InlineData(0, "0.0")]
    [InlineData(-3, "-3.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(123456789012, "123456789012.0")]
    [InlineData(1138e12, "1138000000000000.0")]
    [InlineData(9007199254740993, "9007199254740992.0")]
    [InlineData(1e300, "1E+300")]
    public void A_float_stays_one(double value, string written) =>
        Write(writer =>
        {
            writer.WritePropertyName("n");
            writer.WriteFloat(value);
        }).ShouldBe($$"""{"n":{{written}}}""");

    [Fact]
    public void Every_float_comes_back_and_never_as_an_integer()
    {
        Gen.OneOf(Gen.Double, Gen.Int.Select(value => (double)value), Gen.Double[-1e16, 1e16].Select(Math.Round)).Where(double.IsFinite).Sample(value =>
        {
            var json = Write(writer =>
            {
                writer.WritePropertyName("n");
                writer.WriteFloat(value);
            });
            var raw = JsonElement.Parse(Encoding.UTF8.GetBytes(json)).GetProperty("n");
            return raw.GetDouble().Equals(value) && raw.GetRawText().AsSpan().IndexOfAny('.', 'E', 'e') > 0;
        });
    }

    private static string Write(Action<Utf8JsonWriter> member)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            member(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
