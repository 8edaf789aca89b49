using System.Text;
using System.Text.Json;
using CsCheck;
using SandQueue.Environments.WebShop.Products;

namespace SandQueue.Environments.Tests.WebShop.Products;

public sealed class JsonPiecesTests
{
    [Fact]
    public void An_array_is_cut_into_elements()
    {
        Container("\n [ {\"a\":\"]},\\\"\"},\n[1,2] , \"x\",7,true\n,null ] ")
            .ShouldBe([("", "{\"a\":\"]},\\\"\"}", 2), ("", "[1,2]", 3), ("", "\"x\"", 3), ("", "7", 3), ("", "true", 3), ("", "null", 4)]);
    }

    [Fact]
    public void An_object_is_cut_into_members()
    {
        Container("{\"a\\u0020b\": {\"c\":1},\n\"d\":\n[]}").ShouldBe([("a b", "{\"c\":1}", 1), ("d", "[]", 3)]);
    }

    [Fact]
    public void Lines_are_cut_at_line_breaks()
    {
        Pieces(JsonPieces.OfLines(Stream("{}\n\n broken { \n{\"a\":1}"))).ShouldBe([("", "{}", 1), ("", " broken { ", 3), ("", "{\"a\":1}", 4)]);
    }

    [Theory]
    [InlineData("", "line 1: the file is neither a JSON array nor a JSON object")]
    [InlineData("7", "line 1: the file is neither a JSON array nor a JSON object")]
    [InlineData("[1,\n{\"a\":", "line 2: the file ends inside the value that begins here")]
    [InlineData("[\"a", "line 1: the file ends inside the value that begins here")]
    [InlineData("[1,\n2,\n", "line 3: the file ends before its last bracket")]
    [InlineData("{\"a\"", "line 1: the file ends where a value should be")]
    public void A_file_that_ends_too_early_says_where(string text, string expected) =>
        Should.Throw<InvalidDataException>(() => Container(text)).Message.ShouldBe(expected);

    [Fact]
    public void Any_array_comes_back_whole_however_it_is_read()
    {
        var value = Gen.Recursive<string>((depth, inner) => depth > 3
            ? Gen.OneOf("1", "true", "null", "\"]\"", "\"\\\"{\"")
            : Gen.OneOf(
                Gen.OneOf("-1.5e3", "false", "\"\\\\\"", "\"é\\n\""),
                inner.Array[0, 4].Select(items => $"[{string.Join(" ,\n", items)}]"),
                inner.Array[0, 4].Select(items => $"{{{string.Join(",", items.Select((item, i) => $"\"k{i}\" : {item}"))}}}")));
        Gen.Select(value.Array[0, 6], Gen.Int[1, 5]).Sample((items, step) =>
        {
            var text = $"[{string.Join(",", items)}]";
            using var document = JsonDocument.Parse(text);
            var pieces = Pieces(JsonPieces.OfContainer(new Trickle(Encoding.UTF8.GetBytes(text), step)));
            pieces.Select(piece => piece.Text).ShouldBe(document.RootElement.EnumerateArray().Select(item => item.GetRawText()));
        });
    }

    [Fact]
    public void A_file_much_larger_than_the_window_is_never_in_memory()
    {
        var item = Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', 2000)}\"}},\n");
        using var stream = new Repeated(item, 40_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        JsonPieces.OfContainer(stream).Count().ShouldBe(40_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4_000_000);
    }

    [Fact]
    public void Pythons_words_for_numbers_that_are_none_are_read_as_null()
    {
        using var document = LenientJson.Parse(Encoding.UTF8.GetBytes("{\"NaN\": NaN, \"a\": [-Infinity, \"Infinity \\\" NaN\"]}"));
        document.RootElement.GetRawText().ShouldBe("{\"NaN\": null, \"a\": [null, \"Infinity \\\" NaN\"]}");
    }

    private static List<(string Key, string Text, int Line)> Container(string text) => Pieces(JsonPieces.OfContainer(Stream(text)));

    private static List<(string Key, string Text, int Line)> Pieces(IEnumerable<JsonPiece> pieces) =>
        [.. pieces.Select(piece => (piece.Key, Encoding.UTF8.GetString(piece.Utf8.Span), piece.Line))];

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(step, count));
    }

    /// <summary>An array of one element again and again.</summary>
    private sealed class Repeated(byte[] item, int times) : MemoryStream
    {
        private long _position = -1;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var end = (long)item.Length * times;
            if (_position > end) return 0;
            for (var i = 0; i < count; i++, _position++)
            {
                if (_position > end) return i;
                buffer[offset + i] = _position < 0 ? (byte)'[' : _position == end ? (byte)']' : item[_position % item.Length];
            }

            return count;
        }
    }
}
