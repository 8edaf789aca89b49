using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using static SandQueue.Workers.Tests.Answers.AnswerBytes;

namespace SandQueue.Workers.Tests.Answers;

public sealed class StepAnswerTests
{
    public static TheoryData<string> ForeignShapes => Foreign(
        """{"state":[],"reward":0}""",
        """{"state":[{"role":"user","content":"x"},{"role":"user","content":"x"}],"reward":0}""",
        """{"state":{"role":"user"},"reward":0}""",
        """{"state":[{"role":"user","content":"x"}]}""",
        """{"state":[{"role":"user","content":"x"}],"reward":null}""",
        """{"state":[{"role":"user","content":"x"}],"reward":"1"}""",
        """{"state":[{"role":"user","content":"x"}],"reward":NaN}""",
        """{"\ud800":1,"state":[{"role":"user","content":"x"}],"reward":0}""",
        """{"state":[{"role":"user","content":"x"}],"reward":0,"info":{"\ud800abcdefghijklmnopqrstuvw":1}}""",
        """{"state":[{"role":"user","content":"x"}],"reward":0,"is_terminated":true,"info":{"end_reason":"\ud800"}}""");

    [Fact]
    public void The_answer_has_the_one_shape_in_a_fixed_order()
    {
        var answer = StepAnswer.Compose(Utf8("""{"info":{"b":2,"a":1},"is_terminated":false,"reward":0.5,"state":[{"role":"user","content":"x"}]}"""), step: 3, maxSteps: null, CanonicalForm.Exact);

        Text(answer.Answer).ShouldBe("""{"state":[{"role":"user","content":"x"}],"reward":0.5,"is_terminated":false,"info":{"step":3,"b":2,"a":1}}""");
        (answer.Reward, answer.EndReason).ShouldBe((0.5, null));
    }

    [Fact]
    public void What_the_environment_wrote_is_kept_byte_for_byte()
    {
        const string State = """[ {"role":"user", "content":"\u00e9 \ud800 \u0000 é <&>'"} ]""";
        const string Tools = """[ {"role" : "tool"} ]""";

        var answer = StepAnswer.Compose(Utf8($$"""{"state":{{State}},"reward":1.0e+0,"info":{"tool_messages":{{Tools}},"é\n":1.50} }"""), step: 1, maxSteps: null, CanonicalForm.Exact);

        Text(answer.Answer).ShouldContain($"\"state\":{State},\"reward\":1.0e+0,");
        Text(answer.Answer).ShouldContain($"\"tool_messages\":{Tools},");
        Text(answer.Answer).ShouldContain(":1.50}");
        Json(answer.Answer).GetProperty("info").GetProperty("é\n").GetDouble().ShouldBe(1.5);
    }

    [Theory]
    [InlineData("""{"state":[{"role":"user","content":"x"}],"reward":NaN}""", "the reward is NaN")]
    [InlineData("""{"state":[{"role":"user","content":"x"}],"reward":-Infinity}""", "the reward is -Infinity")]
    [InlineData("""{"state":[{"role":"user","content":"x"}],"reward":1e999}""", "the reward is 1e999, which no number of 64 bits holds")]
    [InlineData("""{"state":[{"role":"user","content":"x"}],"reward":-1e999}""", "the reward is -1e999")]
    [InlineData("""{"state":["x"],"reward":0}""", "state[0] is a string, not an object")]
    [InlineData("""{"state":[[]],"reward":0}""", "state[0] is an array, not an object")]
    [InlineData("""{"state":[{"role":"user"}],"reward":0}""", "state[0] has no content")]
    [InlineData("""{"state":[{"role":"user","content":null}],"reward":0}""", "the content of state[0] is null, not a string")]
    [InlineData("""{"state":[{"role":1,"content":"x"}],"reward":0}""", "the role of state[0] is a number, not a string")]
    [InlineData("""{"state":null,"reward":0}""", "the state is null, not an array")]
    [InlineData("""{"state":"x","reward":0}""", "the state is a string, not an array")]
    [InlineData("""{"state":[{"role":"user","content":"x"}],"reward":"1"}""", "the reward is a string, not a number")]
    [InlineData("""{"state":[{"role":"user","content":"x"}],"reward":true}""", "the reward is true, not a number")]
    [InlineData("""{"reward":0}""", "there is no state")]
    public void What_is_wrong_with_an_answer_is_said_by_name(string answer, string detail)
    {
        Should.Throw<EnvironmentFailedException>(() => StepAnswer.Compose(Utf8(answer), step: 1, maxSteps: null, CanonicalForm.Exact)).Message.ShouldContain(detail);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_a_failure_of_the_environment()
    {
        byte[] data = [.. """{"state":[{"role":"user","content":"?"}],"reward":0}"""u8];
        var at = Array.IndexOf(data, (byte)'?');
        data[at] = 0xff;

        Should.Throw<EnvironmentFailedException>(() => StepAnswer.Compose(data, step: 1, maxSteps: null, CanonicalForm.Exact)).Message.ShouldContain("no UTF-8");
    }

    [Fact]
    public void The_end_is_said_in_info()
    {
        var answer = StepAnswer.Compose(
            Utf8("""{"state":[{"role":"user","content":"x"}],"reward":1,"is_terminated":true,"info":{"end_reason":"goal","truncated":false,"more":1}}"""), step: 4, maxSteps: null, CanonicalForm.Exact);

        answer.EndReason.ShouldBe("goal");
        Text(answer.Answer).ShouldBe("""{"state":[{"role":"user","content":"x"}],"reward":1,"is_terminated":true,"info":{"step":4,"more":1,"end_reason":"goal","truncated":false}}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","info":{}""")]
    [InlineData(""","info":{"end_reason":null}""")]
    [InlineData(""","info":{"end_reason":7}""")]
    [InlineData(""","info":[1]""")]
    public void An_end_without_a_reason_gets_one(string info)
    {
        var answer = StepAnswer.Compose(Utf8($$"""{"state":[{"role":"user","content":"x"}],"reward":0,"is_terminated":true{{info}}}"""), step: 1, maxSteps: null, CanonicalForm.Exact);

        answer.EndReason.ShouldBe("terminated");
        Json(answer.Answer).GetProperty("info").GetProperty("truncated").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, 2, null, false)]
    [InlineData(2, 2, "max_steps", true)]
    [InlineData(3, 2, "max_steps", true)]
    [InlineData(1, 1, "max_steps", true)]
    [InlineData(7, null, null, false)]
    public void The_callers_limit_cuts_the_episode(int step, int? maxSteps, string? endReason, bool truncated)
    {
        var answer = StepAnswer.Compose(Utf8("""{"state":[{"role":"user","content":"x"}],"reward":0}"""), step, maxSteps, CanonicalForm.Exact);

        answer.EndReason.ShouldBe(endReason);
        var info = Json(answer.Answer).GetProperty("info");
        info.TryGetProperty("truncated", out var cut).ShouldBe(truncated);
        if (truncated) cut.GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void An_end_of_the_environments_own_at_the_limit_stays_its_own()
    {
        var answer = StepAnswer.Compose(Utf8("""{"state":[{"role":"user","content":"x"}],"reward":1,"is_terminated":true,"info":{"end_reason":"goal"}}"""), step: 2, maxSteps: 2, CanonicalForm.Exact);
        answer.EndReason.ShouldBe("goal");
        Json(answer.Answer).GetProperty("info").GetProperty("truncated").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void The_environments_own_step_numbers_and_ends_do_not_count()
    {
        var answer = StepAnswer.Compose(Utf8("""{"state":[{"role":"user","content":"x"}],"reward":0,"info":{"step":99,"end_reason":"liar","truncated":true}}"""), step: 1, maxSteps: null, CanonicalForm.Exact);
        Text(answer.Answer).ShouldEndWith(""""info":{"step":1}}"""");
    }

    [Fact]
    public void What_a_replay_must_repeat_is_state_reward_and_end_and_nothing_else()
    {
        byte[] Hash(string json, int step = 1, int? maxSteps = null) => StepAnswer.Compose(Utf8(json), step, maxSteps, CanonicalForm.Exact).ObservationHash;
        var hash = Hash("""{"state":[{"role":"user","content":"1"}],"reward":0.0}""");

        Hash("""{"state":[{"role":"user","content":"1"}],"reward":0.0,"info":{"time":123},"is_terminated":false}""", step: 5).ShouldBe(hash);
        Hash("""{"state":[{"role":"user","content":"2"}],"reward":0.0}""").ShouldNotBe(hash);
        Hash("""{"state":[{"role":"user","content":"1"}],"reward":0.5}""").ShouldNotBe(hash);
        Hash("""{"state":[{"role":"user","content":"1"}],"reward":0.0,"is_terminated":true}""").ShouldNotBe(hash);
        Hash("""{"state":[{"role":"user","content":"1"}],"reward":0.0}""", step: 2, maxSteps: 2).ShouldNotBe(hash);
    }

    [Theory]
    [MemberData(nameof(ForeignShapes))]
    public void A_foreign_shape_is_a_failure_of_the_environment(string answer)
    {
        Should.Throw<EnvironmentFailedException>(() => StepAnswer.Compose(Utf8(answer), step: 1, maxSteps: null, CanonicalForm.Exact)).Message.ShouldNotBeEmpty();
    }

    [Fact]
    public void An_observation_as_large_as_they_come_is_kept()
    {
        var text = new string('x', 5 << 20);
        var answer = StepAnswer.Compose(Utf8($$"""{"state":[{"role":"user","content":"{{text}}"}],"reward":0}"""), step: 1, maxSteps: null, CanonicalForm.Exact);
        Json(answer.Answer).GetProperty("state")[0].GetProperty("content").GetString()!.Length.ShouldBe(text.Length);
    }
}
