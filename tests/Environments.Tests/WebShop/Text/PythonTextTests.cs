using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.Tests.WebShop.Text;

/// <summary>The expected values are CPython's.</summary>
public sealed class PythonTextTests
{
    [Theory]
    [InlineData("it's", "\"it's\"")]
    [InlineData("a\"b", "'a\"b'")]
    [InlineData("it's \"x\"", "'it\\'s \"x\"'")]
    [InlineData("\u00a0é\u200b\n\t\\", "'\\xa0é\\u200b\\n\\t\\\\'")]
    [InlineData("\U0001f600\U000e0001", "'\U0001f600\\U000e0001'")]
    [InlineData("\0\u007f\u0085", "'\\x00\\x7f\\x85'")]
    public void Repr_is_pythons(string text, string expected) => PythonText.Repr(text).ShouldBe(expected);

    [Theory]
    [InlineData("ABC É", "abc é")]
    [InlineData("\u0130X", "i\u0307x")]
    [InlineData("ΑΣ", "ας")]
    [InlineData("ΑΣ Β", "ας β")]
    [InlineData("ΣΑΣ'Σ", "σασ'ς")]
    [InlineData("\u1e9e", "ß")]
    public void Lower_case_is_pythons(string text, string expected) => PythonText.Lower(text).ShouldBe(expected);

    [Fact]
    public void Blanks_are_pythons()
    {
        PythonText.Words(" a\u001cb\u3000c\u200bd\u0085e ").ShouldBe(["a", "b", "c\u200bd", "e"]);
        PythonText.Strip("\u001f\u00a0 x \u2003").ShouldBe("x");
    }

    [Fact]
    public void Texts_are_ordered_by_code_point()
    {
        string[] texts = ["\U0001f600", "\uffee", "b", "", "ab", "a"];
        texts.Order(Comparer<string>.Create(PythonText.Compare)).ShouldBe(["", "a", "ab", "b", "\uffee", "\U0001f600"]);
    }
}
