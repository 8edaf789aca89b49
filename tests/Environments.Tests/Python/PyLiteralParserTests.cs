using CsCheck;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Python;

public sealed class PyLiteralParserTests
{
    private static readonly Gen<PyValue> Scalars = Gen.OneOf(
        Gen.String.Select(text => (PyValue)text),
        Gen.Double.Where(double.IsFinite).Select(number => (PyValue)number),
        Gen.Long.Select(number => (PyValue)number),
        Gen.Bool.Select(flag => (PyValue)flag),
        Gen.Const(PyValue.None));

    private static readonly Gen<PyValue> Values = Gen.Recursive<PyValue>((depth, self) => depth > 3
        ? Scalars
        : Gen.OneOf(
            Scalars,
            self.Array[0, 4].Select(items => (PyValue)new PyList(items)),
            self.Array[0, 4].Select(items => (PyValue)new PyTuple(items)),
            Gen.Select(Scalars, self).Array[0, 4].Select(entries => (PyValue)new PyDict([.. entries]))));

    [Fact]
    public void A_repr_comes_back_as_the_same_value() => Values.Sample(value =>
    {
        var written = PyRepr.Of(value);
        PyRepr.Of(Parse(written)).ShouldBe(written);
        PyEquality.Equal(Parse(written), value).ShouldBeTrue();
    });

    [Fact]
    public void Any_text_is_a_call_or_a_Python_error() => Gen.String[Gen.Char["fcd(x='a',1[]{}:#\\\"\n .-_e0r)=é\ud800"], 0, 40].Sample(text =>
    {
        try
        {
            PyCall.Parse(text);
        }
        catch (PyError)
        {
            // Which one is for the tests below.
        }
    });

    [Theory]
    [InlineData("'a' 'b' \"c\"", "'abc'")]
    [InlineData("r'\\n'", "'\\\\n'")]
    [InlineData("'\\x41\\u00e9\\101\\q'", "'AéA\\\\q'")]
    [InlineData("'''a\nb'''", "'a\\nb'")]
    [InlineData("f'plain'", "'plain'")]
    [InlineData("1_000", "1000")]
    [InlineData("0xfF", "255")]
    [InlineData("0xffffffffffffffffffff", "1208925819614629174706175")]
    [InlineData("0o7_777_777_777", "1073741823")]
    [InlineData("0o17", "15")]
    [InlineData("0b1_0000_0001", "257")]
    [InlineData("0b0", "0")]
    [InlineData("-1.5e3", "-1500.0")]
    [InlineData("1e999", "inf")]
    [InlineData("(1,)", "(1,)")]
    [InlineData("(1)", "1")]
    [InlineData("()", "()")]
    [InlineData("[1, 2,]", "[1, 2]")]
    [InlineData("{'a': 1, 'a': 2}", "{'a': 2}")]
    [InlineData("{1, 1.0, True}", "{1}")]
    [InlineData("...", "Ellipsis")]
    [InlineData("[ # note\n 1\n]", "[1]")]
    public void Literals_are_read_as_Python_reads_them(string source, string repr) => PyRepr.Of(Parse(source)).ShouldBe(repr);

    [Theory]
    [InlineData("f(file-name='x')", "expression cannot contain assignment, perhaps you meant \"==\"? (<string>, line 1)")]
    [InlineData("f(file name='x')", "invalid syntax. Perhaps you forgot a comma? (<string>, line 1)")]
    [InlineData("f(from='a')", "invalid syntax (<string>, line 1)")]
    [InlineData("f(1a='x')", "invalid decimal literal (<string>, line 1)")]
    [InlineData("f(True=1)", "cannot assign to True (<string>, line 1)")]
    [InlineData("foo bar(x=1)", "invalid syntax (<string>, line 1)")]
    [InlineData("f(x=1", "'(' was never closed (<string>, line 1)")]
    [InlineData("f(x=1))", "unmatched ')' (<string>, line 1)")]
    [InlineData("f(x='a)", "unterminated string literal (detected at line 1) (<string>, line 1)")]
    [InlineData("f(a=1,a=2)", "keyword argument repeated: a (<string>, line 1)")]
    [InlineData("f(a=1,2)", "positional argument follows keyword argument (<string>, line 1)")]
    [InlineData("f(x=[1,2)", "closing parenthesis ')' does not match opening parenthesis '[' (<string>, line 1)")]
    [InlineData("f(x=01)", "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers (<string>, line 1)")]
    [InlineData("my-func(x=1)", "name 'my' is not defined")]
    [InlineData("os.system('x')", "name 'os' is not defined")]
    [InlineData("f(x={[1]: 2})", "unhashable type: 'list'")]
    public void Complaints_are_those_of_Python(string source, string complaint) =>
        Should.Throw<PyError>(() => PyCall.Parse(source)).Message.ShouldBe(complaint);

    [Theory]
    [InlineData("f(g())")]
    [InlineData("f(1 + 1)")]
    [InlineData("f(x=[i for i in y])")]
    [InlineData("f(x=a.b)")]
    [InlineData("f(x=f'{1}')")]
    [InlineData("f(x=b'')")]
    [InlineData("f(x=1 if 2 else 3)")]
    [InlineData("f(**{'a': 1})")]
    [InlineData("f(x=lambda: 1)")]
    public void What_is_more_than_a_literal_is_not_evaluated(string source)
    {
        // Python would take these; here they are refused, one way or the other.
        var refused = false;
        try
        {
            refused = PyCall.Parse(source).UnknownName is not null;
        }
        catch (PyError)
        {
            refused = true;
        }

        refused.ShouldBeTrue();
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Should.Throw<PyError>(() => PyCall.Parse($"f({new string('[', 5000)}")).Message.ShouldContain("too many nested parentheses");

    [Fact]
    public void A_module_of_constants_is_read()
    {
        var read = PyModule.Read("# one\nA = [1,\n 2]\n\nB='''x\ny'''  # two\r\nC = {\"k\": ...,}");
        read.ToDictionary(entry => entry.Key, entry => PyRepr.Of(entry.Value))
            .ShouldBe(new Dictionary<string, string> { ["A"] = "[1, 2]", ["B"] = "'x\\ny'", ["C"] = "{'k': Ellipsis}" });
    }

    [Theory]
    [InlineData("import os", "expected an assignment to import (<string>, line 1)")]
    [InlineData("A = 1\nB = A", "name 'A' is not defined (<string>, line 2)")]
    [InlineData("A = 1 2", "expected the line to end after the value of A (<string>, line 1)")]
    [InlineData("(A) = 1", "expected NAME = literal (<string>, line 1)")]
    public void A_module_of_anything_else_is_not(string source, string complaint) =>
        Should.Throw<PyError>(() => PyModule.Read(source)).Message.ShouldBe(complaint);

    private static PyValue Parse(string source) => new PyLiteralParser(new PyScanner(source)).Take();
}
