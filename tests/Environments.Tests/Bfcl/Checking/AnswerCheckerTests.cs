using System.Text.Json;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.Bfcl;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.Checking;

namespace SandQueue.Environments.Tests.Bfcl.Checking;

/// <summary>The rules one by one; the recorded verdicts of the official checker cover them together.</summary>
public sealed class AnswerCheckerTests
{
    [Theory]
    [InlineData("string", "\"New York, N.Y.\"", "[\"new-york NY\"]", null)]
    [InlineData("string", "\"it's\"", "[\"it\\\"s\"]", null)]
    [InlineData("string", "\"ΟΔΟΣ\"", "[\"οδος\"]", null)]
    [InlineData("string", "7", "[\"7\"]", "type_error:simple")]
    [InlineData("integer", "5", "[5]", null)]
    [InlineData("integer", "5.0", "[5]", "type_error:simple")]
    [InlineData("integer", "true", "[1]", "type_error:simple")]
    [InlineData("integer", "100000000000000000000", "[100000000000000000000]", null)]
    [InlineData("float", "5", "[5.0]", null)]
    [InlineData("float", "5", "[6.0]", "value_error:others")]
    [InlineData("boolean", "true", "[true, \"\"]", null)]
    [InlineData("boolean", "1", "[true]", "type_error:simple")]
    [InlineData("any", "\"x\"", "[\"X\"]", null)]
    [InlineData("any", "3", "[\"3\"]", "type_error:simple")]
    [InlineData("any", "3", "[3]", null)]
    [InlineData("string", "null", "[null]", null)]
    [InlineData("array", "[\"A\", \"b.\"]", "[[\"a\", \"b\"]]", null)]
    [InlineData("array", "[\"b\", \"a\"]", "[[\"a\", \"b\"]]", "value_error:list/tuple")]
    [InlineData("array", "[1]", "[[\"1\"]]", "type_error:nested")]
    [InlineData("array", "[]", "[[\"a\"], \"\"]", null)]
    [InlineData("tuple", "[\"a\"]", "[[\"a\"]]", null)]
    [InlineData("dict", "{\"k\": \"V\"}", "[{\"k\": [\"v\", \"w\"]}]", null)]
    [InlineData("dict", "{\"k\": \"x\"}", "[{\"k\": [\"v\"]}]", "value_error:dict_value")]
    [InlineData("dict", "{\"k\": \"v\", \"z\": 1}", "[{\"k\": [\"v\"]}]", "value_error:dict_key")]
    [InlineData("dict", "{}", "[{\"k\": [\"v\"]}]", "value_error:dict_key")]
    [InlineData("dict", "{}", "[{\"k\": [\"v\", \"\"]}]", null)]
    [InlineData("nonsense", "1", "[1]", "ast_checker:no_rule")]
    public void A_value_is_judged_by_type_and_possible_answers(string type, string value, string options, string? errorType)
    {
        Judge(AnswerRule.Simple, [Function("f", type)], [("f", $"{{\"p\": {value}}}")], $"[{{\"f\": {{\"p\": {options}}}}}]").ShouldBe(errorType);
    }

    [Theory]
    [InlineData("[{\"a\": 1}, {\"a\": 2}]", null)]
    [InlineData("[{\"a\": 2}, {\"a\": 1}]", "value_error:dict_value")]
    [InlineData("[{\"a\": 1}]", "value_error:list_dict_count")]
    public void Lists_of_dicts_keep_order_and_count(string value, string? errorType)
    {
        const string Function = """{"name": "f", "parameters": {"properties": {"p": {"type": "array", "items": {"type": "dict"}}}, "required": []}}""";
        Judge(AnswerRule.Simple, [Function], [("f", $"{{\"p\": {value}}}")], "[{\"f\": {\"p\": [[{\"a\": [1]}, {\"a\": [2]}]]}}]").ShouldBe(errorType);
    }

    [Theory]
    [InlineData("g", "{\"p\": 1}", "simple_function_checker:wrong_func_name")]
    [InlineData("f", "{}", "simple_function_checker:missing_required")]
    [InlineData("f", "{\"p\": 1, \"q\": 1}", "simple_function_checker:unexpected_param")]
    [InlineData("f", "{\"p\": 1, \"p\": 2}", "value_error:others")]
    public void A_call_is_judged_by_name_and_parameters(string name, string arguments, string? errorType)
    {
        Judge(AnswerRule.Simple, [Function("f", "integer", required: true)], [(name, arguments)], "[{\"f\": {\"p\": [1]}}]").ShouldBe(errorType);
    }

    [Fact]
    public void An_answer_without_the_mark_of_an_optional_parameter_asks_for_it()
    {
        Judge(AnswerRule.Simple, [Function("f", "integer")], [("f", "{}")], "[{\"f\": {\"p\": [1]}}]").ShouldBe("simple_function_checker:missing_optional");
        Judge(AnswerRule.Simple, [Function("f", "integer")], [("f", "{}")], "[{\"f\": {\"p\": [1, \"\"]}}]").ShouldBeNull();
    }

    [Fact]
    public void Parallel_calls_may_come_in_any_order_but_not_in_another_number()
    {
        const string Truth = "[{\"f\": {\"p\": [1]}}, {\"f\": {\"p\": [2]}}]";
        string[] functions = [Function("f", "integer")];
        Judge(AnswerRule.Parallel, functions, [("f", "{\"p\": 2}"), ("f", "{\"p\": 1}")], Truth).ShouldBeNull();
        Judge(AnswerRule.Parallel, functions, [("f", "{\"p\": 2}"), ("f", "{\"p\": 2}")], Truth).ShouldBe("parallel_function_checker_no_order:cannot_find_match");
        Judge(AnswerRule.Parallel, functions, [("f", "{\"p\": 1}")], Truth).ShouldBe("parallel_function_checker_no_order:wrong_count");
    }

    [Fact]
    public void Parallel_matching_is_greedy()
    {
        // The first answer takes the call that the second one needs; the benchmark looks no further.
        Judge(AnswerRule.Parallel, [Function("f", "integer")], [("f", "{\"p\": 1}"), ("f", "{\"p\": 2}")], "[{\"f\": {\"p\": [1, 2]}}, {\"f\": {\"p\": [1]}}]")
            .ShouldBe("parallel_function_checker_no_order:cannot_find_match");
    }

    [Fact]
    public void Among_several_functions_one_call_is_right()
    {
        string[] functions = [Function("f", "integer"), Function("g", "integer")];
        Judge(AnswerRule.Multiple, functions, [("g", "{\"p\": 1}")], "[{\"g\": {\"p\": [1]}}]").ShouldBeNull();
        Judge(AnswerRule.Multiple, functions, [("f", "{\"p\": 1}")], "[{\"g\": {\"p\": [1]}}]").ShouldBe("simple_function_checker:wrong_func_name");
        Judge(AnswerRule.Multiple, functions, [], "[{\"g\": {\"p\": [1]}}]").ShouldBe("multiple_function_checker:wrong_count");
    }

    [Theory]
    [InlineData(nameof(Language.Java), "5", "type_error:java")]
    [InlineData(nameof(Language.JavaScript), "5", "type_error:js")]
    [InlineData(nameof(Language.Java), "\"5\"", null)]
    [InlineData(nameof(Language.JavaScript), "\"5.0\"", "type_error:simple")]
    public void Other_languages_want_their_source_text(string language, string value, string? errorType)
    {
        Judge(AnswerRule.Simple, [Function("f", "integer")], [("f", $"{{\"p\": {value}}}")], "[{\"f\": {\"p\": [5]}}]", Enum.Parse<Language>(language)).ShouldBe(errorType);
    }

    [Fact]
    public void What_is_wrong_is_kept_short()
    {
        var verdict = Verdict("[\"a\"]", $"\"{new string('x', 100_000)}\"");
        verdict.Errors.ShouldHaveSingleItem().Length.ShouldBeLessThan(2100);
    }

    private static Verdict Verdict(string options, string value) => AnswerChecker.Judge(
        AnswerRule.Simple,
        Language.Python,
        JsonElement.Parse($"[{Function("f", "string")}]"),
        [new AgentCall(null, "f", JsonElement.Parse($"{{\"p\": {value}}}"))],
        JsonElement.Parse($"[{{\"f\": {{\"p\": {options}}}}}]"),
        TestContext.Current.CancellationToken);

    private static string? Judge(AnswerRule rule, string[] functions, (string Name, string Arguments)[] calls, string truth, Language language = Language.Python) =>
        AnswerChecker.Judge(
            rule,
            language,
            JsonElement.Parse($"[{string.Join(',', functions)}]"),
            [.. calls.Select(call => new AgentCall(null, call.Name, JsonElement.Parse(call.Arguments)))],
            JsonElement.Parse(truth),
            TestContext.Current.CancellationToken).ErrorType;

    private static string Function(string name, string type, bool required = false)
    {
        var needed = required ? "\"p\"" : "";
        return $$$"""{"name": "{{{name}}}", "parameters": {"properties": {"p": {"type": "{{{type}}}", "items": {"type": "string"}} }, "required": [{{{needed}}}]} }""";
    }
}
