using System.Diagnostics;
using System.Globalization;
using System.Text;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;

namespace SandQueue.Environments.Tests.Bfcl;

/// <summary>
/// Messages made to cost more than they are long. Each is answered within a time that work in proportion to the length
/// stays far below, while work that grows with its square does not.
/// </summary>
public sealed class HostileMessageTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private static readonly BfclEnvironment Sample = BfclEnvironment.Load(null);

    private static readonly Dictionary<string, Func<AgentAction>> Messages = new(StringComparer.Ordinal)
    {
        ["a member name of 500,000 hexadecimal digits"] = () => Native("ls", Member("a=0x" + new string('f', 500_000))),
        ["a member name of 900,000 octal digits"] = () => Native("ls", Member("a=0o" + new string('7', 900_000))),
        ["a member name of 300,000 strings side by side"] = () => Native("ls", Member("a=" + Repeat("'b'", 300_000))),
        ["a member name that is a call with many arguments"] = () => Native("ls", Member(string.Concat(Enumerable.Range(0, 60_000).Select(i => Invariant($"a{i}=1,"))) + "b")),
        ["a function name of 900,000 characters"] = () => Native("ls(a=0x" + new string('f', 900_000), "{}"),
        ["65,000 named arguments"] = () => Native("ls", Members(65_000)),
        ["65,000 named arguments in a block"] = () => Text(Block("ls", Members(65_000))),
        ["4,000 native calls"] = () => new AgentAction("", [.. Enumerable.Range(0, 4000).Select(i => new NativeToolCall(Invariant($"c{i}"), "mkdir", Invariant($$"""{"dir_name":"d{{i}}"}""")))]),
        ["8,000 calls in blocks"] = () => Text(string.Concat(Enumerable.Range(0, 8000).Select(i => Block("touch", Invariant($$"""{"file_name":"f{{i}}"}"""))))),
        ["8,000 calls in one block"] = () => Text($"<tool_call>[{string.Join(',', Enumerable.Range(0, 8000).Select(i => Call("touch", Invariant($$"""{"file_name":"f{{i}}"}"""))))}]</tool_call>"),
        ["40,000 broken calls"] = () => Text(Repeat("<tool_call>{</tool_call>", 40_000)),
        ["opening tags without end"] = () => Text(Repeat("<tool_call>", 90_000)),
        ["opening tags and brackets without end"] = () => Text(Repeat("<tool_call>{", 80_000) + Repeat("</tool_call>", 10)),
        ["opening tags and strings without end"] = () => Text(Repeat("<tool_call>[\"", 75_000)),
        ["closing tags inside a string"] = () => Text(Block("echo", $$"""{"content":"{{Repeat("</tool_call>", 80_000)}}"}""")),
        ["thoughts after thoughts"] = () => Text(Repeat("<think></think><tool_call>[", 35_000)),
        ["thoughts without end"] = () => Text(Repeat("<think>", 140_000)),
        ["a million brackets in arguments"] = () => Native("ls", "{\"a\":" + new string('[', 900_000)),
        ["a hundred thousand closed brackets in arguments"] = () => Native("ls", "{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}"),
        ["a number of 900,000 digits"] = () => Native("tail", $$"""{"file_name":"harvest.txt","lines":{{new string('9', 900_000)}}}"""),
        ["many numbers of 4,000 digits"] = () => Native("ls", $$"""{"a":[{{string.Join(',', Enumerable.Repeat(new string('9', 4000), 240))}}]}"""),
        ["a number with a huge exponent"] = () => Native("tail", """{"file_name":"harvest.txt","lines":1e999999999999999999}"""),
        ["a number with many digits after the point"] = () => Native("tail", $$"""{"file_name":"harvest.txt","lines":0.{{new string('9', 900_000)}}}"""),
        ["a string of escapes"] = () => Native("echo", $$"""{"content":"{{Repeat("\\n", 450_000)}}"}"""),
        ["a string of escaped characters"] = () => Native("echo", $$"""{"content":"{{Repeat("\\u00e9", 150_000)}}"}"""),
        ["100,000 strings of half a character"] = () => Native("echo", $$"""{"content":[{{string.Join(',', Enumerable.Repeat("\"\\ud800\"", 100_000))}}]}"""),
        ["60,000 names of half a character"] = () => Native("echo", $$$"""{"content":{ {{{string.Join(',', Enumerable.Range(0, 60_000).Select(i => Invariant($"\"\\ud800{i}\":1")))}}} } }"""),
        ["900,000 lines"] = () => Native("echo", $$"""{"content":"{{new string('(', 400_000)}}{{Repeat("\\n", 250_000)}}"}"""),
        ["words and brackets"] = () => Native("echo", $$"""{"content":"{{Repeat("a (", 300_000)}}"}"""),
        ["a word of 900,000 characters before a bracket"] = () => Native("echo", $$"""{"content":"{{new string('1', 450_000)}}{{new string(' ', 450_000)}} ("}"""),
        ["a list of 400,000 items"] = () => Native("echo", $$"""{"content":[{{string.Join(',', Enumerable.Repeat("1", 400_000))}}]}"""),
    };

    public static TheoryData<string> Names => [.. Messages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_turn_of_a_conversation_is_answered_soon(string name) => Answered("multi_turn_base_sample0", Messages[name]());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_question_is_answered_soon(string name)
    {
        foreach (var task in (string[])["simple_python_sample0", "simple_java_sample0", "parallel_sample0"]) Answered(task, Messages[name]());
    }

    private static void Answered(string task, AgentAction action)
    {
        using var instance = Sample.Create(task, EpisodeParameters.None);
        _ = instance.Opening;
        var clock = Stopwatch.StartNew();
        var result = instance.Step(action, TestContext.Current.CancellationToken);
        var took = clock.Elapsed;
        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"{task}: {took.TotalMilliseconds:0} ms"));
        took.ShouldBeLessThan(Longest);
        result.ToolMessages.Select(message => message.ToolCallId).ShouldBe(action.ToolCalls.Select(call => call.Id));
    }

    private static AgentAction Text(string text) => new(text, []);

    private static AgentAction Native(string name, string arguments) => new("", [new NativeToolCall("a", name, arguments)]);

    private static string Block(string name, string arguments) => $"<tool_call>{Call(name, arguments)}</tool_call>";

    private static string Call(string name, string arguments) => $$"""{"name":"{{name}}","arguments":{{arguments}} }""";

    private static string Member(string name) => $"{{\"{name}\":1}}";

    private static string Members(int count) => $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => Invariant($"\"a{i}\":1")))}}}";

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
