using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.Serving;

namespace SandQueue.Environments.Tests.Episodes;

/// <summary>What a message is, what acts and what is talk: one rule, whatever the environment.</summary>
public sealed class EveryEnvironmentTests
{
    private const string Deep = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]";

    /// <summary>By environment: an action in its own form, and a tool with arguments that do something.</summary>
    private static readonly Dictionary<string, (string Task, string Text, string Tool, string Arguments)> Played = new(StringComparer.Ordinal)
    {
        ["bfcl"] = ("multi_turn_base_sample0", Block("ls", "{}"), "ls", """{"a":true}"""),
        ["frozenlake"] = ("4x4-7", "<action>down</action>", "move", """{"direction":"right"}"""),
        ["countdown"] = ("4-7", "<answer>1 + 1</answer>", "answer", """{"expression":"2 + 2"}"""),
        ["webshop"] = ("0", "search[jacket]", "search", """{"keywords":"jacket"}"""),
    };

    public static TheoryData<string> Environments => [.. Played.Keys];

    [Fact]
    public void Every_environment_is_here() =>
        Played.Keys.ShouldBe(BuiltInEnvironments.Names.Where(name => !name.StartsWith("faulty", StringComparison.Ordinal)), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Environments))]
    public void A_message_without_text_is_an_empty_one(string name)
    {
        var empty = Step(name, """{"role":"assistant","content":""}""");
        foreach (var message in (string[])[
            """{"role":"assistant"}""", """{"role":"assistant","content":null}""", """{"content":null,"tool_calls":[]}""", """{"content":null,"tool_calls":null}""",
            """{"content":null,"reasoning_content":"so it is"}""", """{"content":[]}""", """{"content":[{"type":"text","text":""}]}"""])
        {
            Step(name, message).ShouldBe(empty, message);
        }
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Text_in_parts_is_text(string name)
    {
        var text = Played[name].Text;
        var parts = JsonSerializer.Serialize(new { content = new object[] { new { type = "text", text = text[..4] }, new { type = "image_url" }, new { type = "text", text = text[4..] } } });
        Step(name, parts).ShouldBe(Say(name, text));
        Say(name, text).ShouldNotBe(Say(name, ""));
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void A_thought_does_nothing(string name)
    {
        var text = Played[name].Text;
        var nothing = Say(name, "");
        Say(name, $"<think>{text}").ShouldBe(nothing);
        Say(name, $"<think>{text}</think>").ShouldBe(nothing);
        Say(name, $"{text}</think>").ShouldBe(nothing);
        Say(name, $"<think>a</think>{text}</think>").ShouldBe(nothing);
        Say(name, $"<think>a</think><think>{text}").ShouldBe(nothing);
        Say(name, $"<think>not this</think>{text}").ShouldBe(Say(name, text));
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Every_form_of_a_call_is_the_same_call(string name)
    {
        var (_, _, tool, arguments) = Played[name];
        var text = JsonSerializer.Serialize(arguments);
        var twice = JsonSerializer.Serialize(text);
        var native = Native(name, $$"""{"id":"a","type":"function","function":{"name":"{{tool}}","arguments":{{text}}} }""");
        native.ShouldNotBe(Say(name, ""));
        foreach (var call in (string[])[
            $$"""{"id":"a","type":"function","function":{"name":"{{tool}}","arguments":{{arguments}}} }""",
            $$"""{"id":"a","function":{"name":"{{tool}}","arguments":{{twice}}} }""",
            $$"""{"id":"a","type":"tool","name":"{{tool}}","arguments":{{text}}}""",
            $$"""{"id":"a","type":"function","name":"{{tool}}","arguments":{{arguments}}}"""])
        {
            Native(name, call).ShouldBe(native, call);
        }

        Say(name, Block(tool, arguments)).Observation.ShouldBe(native.Observation);
        Say(name, $"I do it. {Block(tool, text)}").Observation.ShouldBe(native.Observation);
        Say(name, $"No <tool_call> yet. <tool_call>{{\"name\":\"{tool}\",\"arguments\":{twice}}}").Observation.ShouldBe(native.Observation);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void What_cannot_be_read_is_one_clear_observation(string name)
    {
        var tool = Played[name].Tool;
        foreach (var (call, id, said) in ((string, string, string)[])[
            ($$"""{"id":7,"name":"{{tool}}","arguments":"{\"x\":NaN}"}""", "7", "NaN"),
            ($$"""{"id":"a","name":"{{tool}}","arguments":"{\"x\":-Infinity}"}""", "a", "-Infinity"),
            ($$"""{"id":"a","name":"{{tool}}","arguments":{"x":{{Deep}}} }""", "a", "nested more than 64 levels deep"),
            ($$"""{"id":"a","name":"{{tool}}","arguments":"{"}""", "a", "not JSON"),
            ($$"""{"id":"a","name":"{{tool}}","arguments":[1]}""", "a", "must be an object"),
            ("""{"id":1.5}""", "1.5", "no function name"),
            ("""7""", "call_0", "a call is an object, not 7"),
        ])
        {
            var told = Native(name, call);
            told.Tools.ShouldStartWith($"{id}: ");
            told.Tools.ShouldContain(said, customMessage: call);
        }

        var many = string.Join(',', Enumerable.Range(0, 300).Select(index => $$"""{"id":{{index}},"name":"{{tool}}","arguments":{} }"""));
        var answered = Step(name, $$"""{"tool_calls":[{{many}}]}""");
        answered.Tools.ShouldContain("256 are the most");
        answered.Tools.ShouldContain("\n299: ");
    }

    private static (string Observation, double Reward, string? End, string Tools) Say(string name, string text) => Step(name, JsonSerializer.Serialize(new { content = text }));

    private static (string Observation, double Reward, string? End, string Tools) Native(string name, string call) => Step(name, $$"""{"content":null,"tool_calls":[{{call}}]}""");

    private static (string Observation, double Reward, string? End, string Tools) Step(string name, string message)
    {
        using var instance = BuiltInEnvironments.Load([name])[name].Create(Played[name].Task, EpisodeParameters.None);
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(message), new JsonDocumentOptions { MaxDepth = 1000 });
        var result = instance.Step(ActionReader.Read(document.RootElement), TestContext.Current.CancellationToken);
        return (result.Observation, result.Reward, result.EndReason, string.Join('\n', result.ToolMessages.Select(answer => $"{answer.ToolCallId}: {answer.Content}")));
    }

    private static string Block(string tool, string arguments) => $"<tool_call>\n{{\"name\": \"{tool}\", \"arguments\": {arguments}}}\n</tool_call>";
}
