using System.Numerics;
using System.Text.Json;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Python;

/// <summary>Expected values come from CPython 3.11.</summary>
public sealed class PyValueTests
{
    [Fact]
    public void Numbers_are_equal_by_value_and_make_one_key()
    {
        var dict = new PyDict((1, "int")).With(true, "bool").With(1.0, "float");
        dict.ToString().ShouldBe("{1: 'float'}");
        dict.Get(BigInteger.One).ShouldNotBeNull();
        PyEquality.Equal(BigInteger.Pow(10, 22), 1e22).ShouldBeTrue();
        PyEquality.Equal(BigInteger.Pow(10, 23), 1e23).ShouldBeFalse();
        PyEquality.Equal(new PyList(1, 2), new PyTuple(1, 2)).ShouldBeFalse();
        PyEquality.Equal(new PyDict((1, 2), (3, 4)), new PyDict((3, 4), (1, 2))).ShouldBeTrue();
        PyEquality.Equal(double.NaN, double.NaN).ShouldBeFalse();
    }

    [Fact]
    public void A_changed_dict_leaves_the_one_it_came_from()
    {
        var many = new PyDict(Enumerable.Range(0, 100).Select(number => KeyValuePair.Create((PyValue)number, (PyValue)"old")));
        var changed = many.With(50, "new").Without(0).With(100, "last");
        (many.Count, many[50].ToString(), many.Contains(0)).ShouldBe((100, "old", true));
        (changed.Count, changed[50].ToString(), changed.Contains(0), changed.Keys.Last().ToString()).ShouldBe((100, "new", false, "100"));
        Should.Throw<PyError>(() => changed["none"]).Message.ShouldBe("'none'");
        Should.Throw<PyError>(() => changed.Get(new PyTuple(1, new PyList()))).Message.ShouldBe("unhashable type: 'list'");
    }

    [Theory]
    [InlineData("it's", "\"it's\"")]
    [InlineData("\"it's\"", "'\"it\\'s\"'")]
    [InlineData("a\tb\nc\\\u0000\u007f\u00a0\u00ad\u200b\u2028é日", "'a\\tb\\nc\\\\\\x00\\x7f\\xa0\\xad\\u200b\\u2028é日'")]
    public void Text_reads_as_its_repr(string text, string repr) => PyRepr.Of(text).ShouldBe(repr);

    [Fact]
    public void Half_a_surrogate_pair_reads_as_its_number() => PyRepr.Of("😀\ud800\U000e0001").ShouldBe("'😀\\ud800\\U000e0001'");

    [Fact]
    public void Json_is_written_with_Pythons_spaces_and_escapes()
    {
        var value = new PyDict(("é\n\u007f😀", new PyList(1, 1.0, true, PyValue.None, 1e22, double.NaN, double.PositiveInfinity)), (1, 2), (true, 3), (PyValue.None, new PyTuple()));
        PyJson.TryWrite(value).ShouldBe("""{"\u00e9\n\u007f\ud83d\ude00": [1, 1.0, true, null, 1e+22, NaN, Infinity], "1": 3, "null": []}""");
        PyJson.TryWrite(new PyDict(("é/\"", "ü")), asciiOnly: false).ShouldBe("""{"é/\"": "ü"}""");
        PyJson.TryWrite(new PyDict((new PyTuple(1), 2))).ShouldBeNull();
        PyJson.TryWrite(new PyList(new PySet(1))).ShouldBeNull();
        PyJson.TryWrite(new PyList(PyShown.Ellipsis)).ShouldBeNull();
    }

    [Fact]
    public void Json_is_read_into_ints_and_floats_as_it_is_written()
    {
        PyRepr.Of(PyJson.Read(JsonElement.Parse("""{"a":[1,1.0,1e2,-0,123456789012345678901234567890,true,null,"\ud800x"],"a":0}"""))).ShouldBe("{'a': 0}");
        PyRepr.Of(PyJson.Read(JsonElement.Parse("""[1,1.0,1e2,-0,123456789012345678901234567890,true,null,"\ud800x"]""")))
            .ShouldBe("[1, 1.0, 100.0, 0, 123456789012345678901234567890, True, None, '\\ud800x']");
    }

    [Fact]
    public void An_int_of_too_many_digits_cannot_be_shown()
    {
        PyRepr.Of((PyValue)BigInteger.Pow(10, 4299)).Length.ShouldBe(4300);
        Should.Throw<PyError>(() => PyRepr.Of((PyValue)BigInteger.Pow(10, 4300))).Message.ShouldStartWith("Exceeds the limit (4300 digits)");
        Should.Throw<PyError>(() => PyPower.Power(10, 1_000_000_000)).Message.ShouldStartWith("Exceeds the limit (4300 digits)");
    }

    [Fact]
    public void Lines_words_and_lengths_go_by_Pythons_idea_of_them()
    {
        PyText.Lines("a\nb\r\nc\rd\ve\ff\u001cg\u0085h\u2028i\n").ShouldBe(["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
        PyText.Lines("\n\n").ShouldBe(["", ""]);
        PyText.Lines("").ShouldBeEmpty();
        PyText.CountWords(" a\u001fb\u00a0c  d ").ShouldBe(4);
        PyText.Length("a😀\ud800").ShouldBe(3);
        PyText.Utf8Length("aé日😀").ShouldBe(10);
        Should.Throw<PyError>(() => PyText.Utf8Length("😀\ud800")).Message.ShouldBe("'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not allowed");
        PyOrder.CompareText("\uffff", "😀").ShouldBeLessThan(0);
    }

    [Theory]
    [InlineData("12", "12")]
    [InlineData(" +1_0\n", "10")]
    [InlineData("٣", "3")]
    [InlineData("1.0", "invalid literal for int() with base 10: '1.0'")]
    [InlineData("1__0", "invalid literal for int() with base 10: '1__0'")]
    [InlineData("", "invalid literal for int() with base 10: ''")]
    public void Text_becomes_an_int_or_a_complaint(string text, string outcome) => Outcome(() => PyNumberText.ToInteger(text)).ShouldBe(outcome);

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData(" -1_0.5e1 ", "-105.0")]
    [InlineData("Infinity", "inf")]
    [InlineData("+nan", "nan")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5.0")]
    [InlineData("1e400", "inf")]
    [InlineData("--1", "could not convert string to float: '--1'")]
    [InlineData("0x1", "could not convert string to float: '0x1'")]
    [InlineData(".", "could not convert string to float: '.'")]
    public void Text_becomes_a_float_or_a_complaint(string text, string outcome) => Outcome(() => PyNumberText.ToFloat(text)).ShouldBe(outcome);

    [Theory]
    [InlineData("2024-02-29", "ok")]
    [InlineData("2024-1-5", "ok")]
    [InlineData("2024-02-30", "day is out of range for month")]
    [InlineData("2024-13-01", "time data '2024-13-01' does not match format '%Y-%m-%d'")]
    [InlineData("2024-01-32", "unconverted data remains: 2")]
    [InlineData("0000-01-01", "year 0 is out of range")]
    [InlineData("2024-01-01 10:00:00", "unconverted data remains:  10:00:00")]
    public void Text_becomes_a_day_or_a_complaint(string text, string outcome)
    {
        Outcome(() =>
        {
            PyDates.ParseDay(text);
            return (PyStr)(PyValue)"ok";
        }).ShouldBe(outcome);
        Should.Throw<PyError>(() => PyDates.ParseDay(7)).Message.ShouldBe("strptime() argument 1 must be str, not int");
    }

    private static string Outcome(Func<PyValue> compute)
    {
        try
        {
            return compute().ToString();
        }
        catch (PyError error)
        {
            return error.Message;
        }
    }
}
