using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.Tests.WebShop.Text;

/// <summary>The expected values are CPython's and Flask's.</summary>
public sealed class PythonValuesTests
{
    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(-3.0, "-3.0")]
    [InlineData(28.08, "28.08")]
    [InlineData(2.0 / 3, "0.6666666666666666")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(1.5e-5, "1.5e-05")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1e15 + 0.5, "1000000000000000.5")]
    [InlineData(-1234567890123456.8, "-1234567890123456.8")]
    [InlineData(1e16, "1e+16")]
    [InlineData(123456789012345678.0, "1.2345678901234568e+17")]
    [InlineData(5e-324, "5e-324")]
    public void Floats_are_written_as_python_writes_them(double value, string expected) => PythonValues.Repr(value).ShouldBe(expected);

    [Fact]
    public void Dictionaries_are_written_as_python_writes_them()
    {
        Dictionary<string, string> options = new() { ["size"] = "28\" x 28\"", ["color"] = "it's" };
        PythonValues.Repr(options).ShouldBe("""{'size': '28" x 28"', 'color': "it's"}""");
        PythonValues.Json(options).ShouldBe("""{"size": "28\" x 28\"", "color": "it's"}""");
        PythonValues.HtmlSafeJson(options).ShouldBe("""{"color": "it\u0027s", "size": "28\" x 28\""}""");
    }

    [Fact]
    public void Json_is_ascii()
    {
        PythonValues.Json([KeyValuePair.Create("a\"b", "é\u007f\n<'&")]).ShouldBe("""{"a\"b": "\u00e9\u007f\n<'&"}""");
    }
}
