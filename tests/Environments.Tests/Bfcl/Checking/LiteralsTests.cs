using CsCheck;
using SandQueue.Environments.Bfcl.Checking.Literals;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Bfcl.Checking;

public sealed class LiteralsTests
{
    [Theory]
    [InlineData("127", "byte", null, "127")]
    [InlineData("1.5", "integer", null, "'1.5'")]
    [InlineData("12L", "long", null, "12")]
    [InlineData("12", "long", null, "'12'")]
    [InlineData("3e-3F", "float", null, "0.003")]
    [InlineData("3.14", "float", null, "'3.14'")]
    [InlineData("3.14e2", "double", null, "314.0")]
    [InlineData("True", "boolean", null, "'True'")]
    [InlineData("true", "boolean", null, "True")]
    [InlineData("'a'", "char", null, "\"'a'\"")]
    [InlineData("new int[]{1, 2,}", "Array", "integer", "[1, 2]")]
    [InlineData("new String[]{\"a\"}", "Array", "String", "['\"a\"']")]
    [InlineData("new long[]{1L, 2}", "Array", "long", "[1, '2']")]
    [InlineData("{1, 2}", "Array", "integer", "'{1, 2}'")]
    [InlineData("new ArrayList<String>(Arrays.asList(\"a\", \"b\"))", "ArrayList", "String", "['a', 'b']")]
    [InlineData("new ArrayList<>() {{ add(1); add(2); }}", "ArrayList", "integer", "[1, 2]")]
    [InlineData("new ArrayList<>()", "ArrayList", "integer", "[]")]
    [InlineData("new HashMap<String, Object>() {{ put(\"a\", 1); put(\"b\", \"x\"); put(\"c\", 2.5f); }}", "HashMap", null, "{'a': 1, 'b': 'x', 'c': 2.5}")]
    [InlineData("new HashMap<>()", "HashMap", null, "{}")]
    public void Java_is_read_as_the_benchmark_reads_it(string text, string type, string? nested, string expected)
    {
        PyRepr.Of(JavaLiteral.Value(text, type, nested)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("'a'", "String", null, "'a'")]
    [InlineData("123n", "Bigint", null, "123")]
    [InlineData("1e5", "float", null, "'1e5'")]
    [InlineData("false", "Boolean", null, "False")]
    [InlineData("[1, 'two', true, x]", "array", null, "[1, 'two', True, 'x']")]
    [InlineData("new Array(4n, 5n)", "array", "Bigint", "[4, 5]")]
    [InlineData("[ [ 1, 2 ], [3] ]", "array", "array", "[[1, 2], [3]]")]
    [InlineData("[]", "array", "String", "[]")]
    [InlineData("[1", "array", "integer", "'[1'")]
    [InlineData("{'a': 1, b: [x, \"y\"], \"c\": {}", "dict", null, "{'a': 1, 'b': ['x', 'y'], 'c': '{'}")]
    [InlineData("{ }", "dict", null, "{}")]
    [InlineData("{a: 'x, y', b: 2}", "dict", null, "{'a': 'x, y', 'b': 2}")]
    public void JavaScript_is_read_as_the_benchmark_reads_it(string text, string type, string? nested, string expected)
    {
        PyRepr.Of(JavaScriptLiteral.Value(text, type, nested)).ShouldBe(expected);
    }

    [Fact]
    public void Any_text_is_read_or_refused_in_pythons_words()
    {
        var piece = Gen.OneOf(Gen.String, Gen.OneOf("new ", "ArrayList<>", "HashMap<>", "(", ")", "()", "{{", "}}", "[", "]", ":", ",", "add(", "put(\"", "\"", "1", "L", "Arrays.asList("));
        Gen.Select(piece.Array[0, 20].Select(string.Concat), Gen.OneOf("Array", "ArrayList", "HashMap", "array", "dict", "float", "Stack")).Sample((text, type) =>
        {
            Try(() => JavaLiteral.Value(text, type, "integer"));
            Try(() => JavaScriptLiteral.Value(text, type, "integer"));
        });
    }

    [Fact]
    public void Long_hostile_text_is_read_in_time_that_grows_with_its_length()
    {
        const int Length = 100_000;
        PyRepr.Of(JavaScriptLiteral.Value($"[[{string.Concat(Enumerable.Repeat("],[", Length))}", "array", null)).ShouldNotBeEmpty();
        PyRepr.Of(JavaScriptLiteral.Value($"{{a:{string.Concat(Enumerable.Repeat(", ", Length))}}}", "dict", null)).ShouldNotBeEmpty();
        PyRepr.Of(JavaLiteral.Value($"new HashMap<>() {{{new string(' ', Length)}", "HashMap", null)).ShouldNotBeEmpty();
    }

    private static void Try(Func<PyValue> read)
    {
        try
        {
            read().ShouldNotBeNull();
        }
        catch (PyError)
        {
            // A type the language does not have.
        }
    }
}
