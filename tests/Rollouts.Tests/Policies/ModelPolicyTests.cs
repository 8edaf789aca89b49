using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.ModelServers;
using SandQueue.Rollouts.Results;
using SandQueue.Rollouts.Tests.Play;

namespace SandQueue.Rollouts.Tests.Policies;

/// <summary>Over real sockets.</summary>
public sealed class ModelPolicyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_are_only_ever_added_and_the_whole_answer_is_kept(bool isStreamed)
    {
        await using var server = await ModelServer.StartAsync(call => new ModelReply.Message(new JsonObject { ["role"] = "assistant", ["content"] = $"Zähl {call.Turn}", ["reasoning_content"] = "hm 😀" })
        {
            Beside = new JsonObject { ["token_ids"] = new JsonArray(1, 2, 3), ["logprobs"] = new JsonObject { ["content"] = new JsonArray() } },
        });
        var farm = new FakeFarm();
        var record = new FakeRecord();

        var result = await Modelling.PlayAsync(farm, server, $$"""{"temperature":0.70,"odd":[1]}""", record, isStreamed: isStreamed);

        (result.End, result.Reward, result.EndReason).ShouldBe((CommandEnd.Completed, 3, "counted"));
        result.Usage!.ToJsonString().ShouldBe("""{"prompt_tokens":120,"completion_tokens":15,"total_tokens":135}""");
        var calls = server.Calls.ToList();
        calls.Count.ShouldBe(3);
        calls[0].Messages.Select(message => message.GetRawText()).ShouldBe(["""{"role":"system","content":"Count."}""", """{"role":"user","content":"Begin."}"""]);
        for (var at = 1; at < calls.Count; at++)
        {
            calls[at].Messages.Take(calls[at - 1].Messages.Count).Select(message => message.GetRawText()).ShouldBe(calls[at - 1].Messages.Select(message => message.GetRawText()));
            calls[at].Messages.Count.ShouldBe(calls[at - 1].Messages.Count + 2);
        }

        Encoding.UTF8.GetString(calls[0].Bytes).ShouldContain("\"temperature\":0.70,\"odd\":[1]");
        var answer = JsonElement.Parse(record.Turns[1].Answer);
        answer.GetProperty("choices")[0].GetProperty("token_ids").GetRawText().ShouldBe("[1,2,3]");
        var said = JsonElement.Parse(record.Turns[1].Action!);
        (said.GetProperty("content").GetString(), said.GetProperty("reasoning_content").GetString()).ShouldBe(("Zähl 0", "hm 😀"));
        farm.Sent.OfType<StepInstance>().First().Action.ShouldBe(record.Turns[1].Action);
    }

    [Fact]
    public async Task An_answer_that_comes_whole_is_kept_byte_for_byte()
    {
        const string Answer = """{ "id":"x", "choices":[ {"message": {"role":"assistant","content":"a\u00e9 \ud800","annotations":[ ]}, "token_ids":[1.0] } ], "odd": 1e2 }""";
        await using var server = await ModelServer.StartAsync(_ => new ModelReply.Raw(Answer));
        var record = new FakeRecord();
        var farm = new FakeFarm { Length = 1 };

        (await Modelling.PlayAsync(farm, server, record: record)).End.ShouldBe(CommandEnd.Completed);

        Encoding.UTF8.GetString(record.Turns[1].Answer).ShouldBe(Answer);
        Encoding.UTF8.GetString(farm.Sent.OfType<StepInstance>().Single().Action).ShouldBe("""{"role":"assistant","content":"a\u00e9 \ud800","annotations":[ ]}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_of_tools_are_the_action_and_each_is_answered_by_its_id(bool isStreamed)
    {
        await using var server = await ModelServer.StartAsync(call => ModelReply.Use($"id-{call.Turn}", "count", """{"to": 1}"""));
        var farm = new FakeFarm { Length = 3, Info = ""","tool_messages":[{"role":"tool","tool_call_id":"id-0","name":"count","content":"one"}]""" };

        var result = await Modelling.PlayAsync(farm, server, isStreamed: isStreamed);

        result.End.ShouldBe(CommandEnd.Completed);
        var last = server.Calls.Last().Messages;
        last.Select(message => message.GetProperty("role").GetString()).ShouldBe(["system", "user", "assistant", "tool", "assistant", "tool"]);
        last[3].GetRawText().ShouldBe("""{"role":"tool","tool_call_id":"id-0","name":"count","content":"one"}""");
        // The environment left this call unanswered: an endpoint wants an answer all the same.
        last[5].GetRawText().ShouldBe("""{"role":"tool","tool_call_id":"id-1","content":"2"}""");
        JsonElement.Parse(farm.Sent.OfType<StepInstance>().First().Action).GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString().ShouldBe("""{"to": 1}""");
    }

    [Fact]
    public async Task The_tokens_of_a_rollout_are_limited()
    {
        await using var server = await ModelServer.StartAsync(_ => ModelReply.Say("on"));

        var result = await Modelling.PlayAsync(new FakeFarm(), server, more: ""","max_tokens_total":30""");

        (result.End, result.EndReason, result.IsTruncated, result.Reward).ShouldBe((CommandEnd.Completed, "max_tokens", true, 2));
    }

    [Fact]
    public async Task A_limit_of_tokens_that_cannot_be_kept_is_not_passed_over()
    {
        await using var server = await ModelServer.StartAsync(_ => new ModelReply.Message(new JsonObject { ["role"] = "assistant", ["content"] = "x" }) { HasUsage = false });

        var result = await Modelling.PlayAsync(new FakeFarm(), server, more: ""","max_tokens_total":30""");

        (result.End, result.Cause, result.IsRetryable).ShouldBe((CommandEnd.Failed, RolloutCause.Policy, false));
        result.Detail!.ShouldContain("usage.total_tokens");
    }

    [Fact]
    public async Task A_conversation_that_outgrows_the_model_is_a_limit_and_no_failure()
    {
        await using var server = await ModelServer.StartAsync(call => call.Turn == 0
            ? ModelReply.Say("x")
            : new ModelReply.Status(400, """{"error":{"message":"This model's maximum context length is 10 tokens","code":"context_length_exceeded"}}"""));

        var result = await Modelling.PlayAsync(new FakeFarm(), server);

        (result.End, result.EndReason, result.IsTruncated, result.Reward).ShouldBe((CommandEnd.Completed, "context_length", true, 1));
    }

    [Fact]
    public async Task A_resumed_rollout_asks_the_endpoint_for_the_turns_that_are_missing_alone()
    {
        await using var server = await ModelServer.StartAsync(call => ModelReply.Say($"{call.Number}"));
        var farm = new FakeFarm();
        var record = new FakeRecord();
        using var worker = new CancellationTokenSource();
        record.BeforeAppend = async number =>
        {
            if (number == 3) await worker.CancelAsync();
            worker.Token.ThrowIfCancellationRequested();
        };
        await Should.ThrowAsync<OperationCanceledException>(Modelling.PlayAsync(farm, server, record: record, worker: worker));
        record.BeforeAppend = null;

        var result = await Modelling.PlayAsync(farm, server, record: record);

        (result.End, result.Reward, farm.Steps, server.Calls.Count).ShouldBe((CommandEnd.Completed, 3, 3, 4));
        server.Calls.Last().Messages.Count.ShouldBe(6);
        server.Calls.Last().Bytes.ShouldBe(server.Calls.ElementAt(2).Bytes);
        result.Usage!["completion_tokens"]!.GetValue<long>().ShouldBe(15);
    }
}
