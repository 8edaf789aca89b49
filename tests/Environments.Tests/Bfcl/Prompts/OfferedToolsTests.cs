using System.Text.Json;
using SandQueue.Environments.Bfcl;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.Prompts;

namespace SandQueue.Environments.Tests.Bfcl.Prompts;

public sealed class OfferedToolsTests
{
    [Fact]
    public void A_function_becomes_an_openai_schema()
    {
        Schema("""{"name": "a.b", "description": "d", "parameters": {"type": "dict", "properties": {"x": {"type": "float", "description": "é \"q\""}}, "required": ["x"]}}""")
            .ShouldBe("""{"type":"function","function":{"name":"a_b","description":"d","parameters":{"type":"object","properties":{"x":{"type":"number","description":"é \"q\""}},"required":["x"]}}}""");
    }

    [Theory]
    [InlineData("dict", "object")]
    [InlineData("float", "number")]
    [InlineData("integer", "integer")]
    [InlineData("boolean", "boolean")]
    [InlineData("string", "string")]
    [InlineData("any", "string")]
    public void Types_are_those_of_json_schema(string type, string expected)
    {
        Parameter($$"""{"type": "{{type}}"}""").ShouldBe($$"""{"type":"{{expected}}"}""");
    }

    [Fact]
    public void A_tuple_is_an_array_and_says_what_it_holds()
    {
        Parameter("""{"type": "tuple", "items": {"type": "array", "items": {"type": "float"}}}""")
            .ShouldBe("""{"type":"array","items":{"type":"array","items":{"type":"number"}}}""");
        Parameter("""{"type": "array"}""").ShouldBe("""{"type":"array","items":{}}""");
    }

    [Fact]
    public void A_parameter_without_a_type_takes_anything()
    {
        Parameter("""{"description": "d"}""").ShouldBe("""{"description":"d"}""");
    }

    [Fact]
    public void Keywords_of_json_schema_stay_and_others_go()
    {
        Parameter("""{"optional": true, "required": true, "default": null, "enum": ["a", 1], "maximum": 400, "type": "integer"}""")
            .ShouldBe("""{"type":"integer","default":null,"enum":["a",1],"maximum":400}""");
    }

    [Fact]
    public void Nested_properties_are_written_with_what_they_require()
    {
        Parameter("""{"type": "dict", "properties": {"a": {"type": "dict", "properties": {}}}, "required": ["a"]}""")
            .ShouldBe("""{"type":"object","properties":{"a":{"type":"object","properties":{}}},"required":["a"]}""");
    }

    [Theory]
    [InlineData("""{"type": "long", "description": "Size."}""", "Size. (Java source text, as a string, of type long.)")]
    [InlineData("""{"type": "ArrayList", "items": {"type": "String"}}""", "(Java source text, as a string, of type ArrayList of String.)")]
    [InlineData("""{"type": "String"}""", "(A Java String: its text alone, without the quotes of Java.)")]
    [InlineData("""{"type": "any"}""", "(A Java expression of any type, as a string.)")]
    public void Parameters_of_java_functions_are_strings_that_say_what_to_write(string parameter, string description)
    {
        Parameter(parameter, Language.Java).ShouldBe($$"""{"type":"string","description":"{{description}}"}""");
    }

    [Fact]
    public void The_entries_of_a_javascript_object_are_told_in_words()
    {
        Parameter("""{"type": "dict", "properties": {"a": {"type": "Boolean"}}}""", Language.JavaScript)
            .ShouldContain("(JavaScript source text, as a string, of type dict.) Its entries: {\\\"a\\\":");
    }

    private static string Parameter(string schema, Language language = Language.Python)
    {
        var written = Schema($$$"""{"name": "f", "parameters": {"properties": {"p": {{{schema}}} } } }""", language);
        using var document = JsonDocument.Parse(written);
        return document.RootElement.GetProperty("function").GetProperty("parameters").GetProperty("properties").GetProperty("p").GetRawText();
    }

    private static string Schema(string function, Language language = Language.Python) =>
        OfferedTools.Of([JsonElement.Parse(function)], language).Schemas.ShouldHaveSingleItem();
}
