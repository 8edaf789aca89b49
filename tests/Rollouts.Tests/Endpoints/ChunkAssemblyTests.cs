using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using SandQueue.Rollouts.Endpoints;

namespace SandQueue.Rollouts.Tests.Endpoints;

public sealed class ChunkAssemblyTests
{
    [Fact]
    public void Pieces_become_the_answer_that_would_have_come_whole()
    {
        var answer = Assembled(
            """{"id":"c1","object":"chat.completion.chunk","model":"m","prompt_token_ids":[1,2],"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}""",
            """{"id":"c1","choices":[{"index":0,"delta":{"content":"Hel","reasoning_content":"hm"},"token_ids":[5],"logprobs":{"content":[{"token":"Hel","logprob":-0.1}]}}]}""",
            """{"id":"c1","choices":[{"index":0,"delta":{"content":"lo","reasoning_content":"m","odd":{"a":"x"}},"token_ids":[6,7],"logprobs":{"content":[{"token":"lo","logprob":-0.20}]}}]}""",
            """{"id":"c1","choices":[{"index":1,"delta":{"content":"other"}}]}""",
            """{"id":"c1","choices":[{"index":0,"delta":{"odd":{"a":"y","b":1.50}},"finish_reason":"stop"}]}""",
            """{"id":"c1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""");

        answer.ShouldBe("""{"id":"c1","model":"m","prompt_token_ids":[1,2],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5},"object":"chat.completion","choices":[{"index":0,"logprobs":{"content":[{"token":"Hel","logprob":-0.1},{"token":"lo","logprob":-0.20}]},"finish_reason":"stop","token_ids":[5,6,7],"message":{"role":"assistant","content":"Hello","reasoning_content":"hmm","odd":{"a":"xy","b":1.50}}}]}""");
    }

    [Fact]
    public void Calls_of_tools_are_put_together_by_their_index()
    {
        var answer = JsonNode.Parse(Assembled(
            """{"choices":[{"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"go","arguments":""}}]}}]}""",
            """{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"stop","arguments":"{}"}}]}}]}""",
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"go","arguments":"{\"x\":"}}]}}]}""",
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]},"finish_reason":"tool_calls"}]}"""))!;

        answer["choices"]![0]!["message"]!.ToJsonString().ShouldBe(
            JsonNode.Parse("""{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"go","arguments":"{\"x\":1}"}},{"id":"b","type":"function","function":{"name":"stop","arguments":"{}"}}]}""")!.ToJsonString());
    }

    [Fact]
    public void A_text_may_be_cut_anywhere()
    {
        Gen.Select(Gen.String, Gen.Int[1, 5]).Sample((text, size) =>
        {
            var assembly = new ChunkAssembly();
            for (var at = 0; at < text.Length; at += size)
            {
                // Half of a surrogate pair in each of two pieces is what byte-wise servers send.
                var part = string.Concat(text.Skip(at).Take(size).Select(letter => $"\\u{(int)letter:x4}"));
                assembly.Add(JsonElement.Parse($$$"""{"choices":[{"delta":{"content":"{{{part}}}"}}]}"""));
            }

            var said = JsonElement.Parse(assembly.Write());
            if (text.Length > 0) said.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe(new string(System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text))));
        });
    }

    [Fact]
    public void Whatever_comes_is_put_together_to_JSON()
    {
        var leaf = Gen.OneOf(new[] { "null", "1", "true", "\"a\"", "\"\\ud800\"", "[]", "[1,\"b\"]", "{}", "{\"a\":\"b\"}", "[{\"index\":0,\"id\":7}]", "[[null]]" }.Select(Gen.Const).ToArray());
        var name = Gen.OneOf(new[] { "content", "role", "tool_calls", "finish_reason", "odd", "index", "\\ud800" }.Select(Gen.Const).ToArray());
        var members = Gen.Select(name, leaf).List[0, 4].Select(list => string.Join(',', list.Select(member => $"\"{member.Item1}\":{member.Item2}")));
        Gen.Select(members, members, members).Array[0, 5].Sample(chunks =>
        {
            var assembly = new ChunkAssembly();
            foreach (var (top, choice, delta) in chunks)
            {
                var text = "{" + Before(top) + "\"choices\":[{" + Before(choice) + "\"delta\":{" + delta + "}}]}";
                assembly.Add(JsonElement.Parse(text));
            }

            JsonElement.Parse(assembly.Write()).ValueKind.ShouldBe(JsonValueKind.Object);
        });
    }

    private static string Before(string members) => members.Length > 0 ? members + "," : "";

    private static string Assembled(params string[] chunks)
    {
        var assembly = new ChunkAssembly();
        foreach (var chunk in chunks) assembly.Add(JsonElement.Parse(chunk));
        assembly.IsFinished.ShouldBeTrue();
        return System.Text.Encoding.UTF8.GetString(assembly.Write());
    }
}
