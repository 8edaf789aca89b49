using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Countdown;

namespace SandQueue.Environments.Tests.Countdown;

public sealed class CountdownInstanceTests
{
    [Theory]
    [InlineData(3, 300)]
    [InlineData(4, 150)]
    [InlineData(5, 8)]
    [InlineData(6, 1)]
    public void A_solution_found_by_trying_is_accepted(int count, int tasks)
    {
        for (var seed = 0; seed < tasks; seed++)
        {
            using var instance = Player.Create($"{count}-{seed}");
            var result = instance.Say($"I have it: <answer>{Player.Solve(instance)}</answer>");
            (result.Reward, result.EndReason).ShouldBe((1, "solved"));
            result.Observation.ShouldBe($"Right: it equals {Player.Read(instance).Target}.");
            instance.Evaluate(default).Score.ShouldBe(1);
        }
    }

    [Fact]
    public void A_tool_call_answers_as_text_does_and_goes_before_it()
    {
        using var instance = Player.Create("4-17");
        var result = instance.Step(Player.Call(Player.Solve(instance)) with { Content = "<answer>1</answer>" }, CancellationToken.None);
        (result.Reward, result.EndReason).ShouldBe((1, "solved"));
        result.ToolMessages.ShouldBe([new ToolMessage("call_0", "answer", result.Observation)]);
    }

    [Fact]
    public void A_wrong_value_ends_the_episode()
    {
        using var instance = Player.Create("3-0");
        var (numbers, target) = Player.Read(instance);
        var result = instance.Say($"<answer>{string.Join(" + ", numbers)}</answer>");
        (result.Reward, result.EndReason).ShouldBe((0, "wrong"));
        result.Observation.ShouldBe($"Wrong: it equals {numbers.Sum()}, not {target}.");
        instance.Evaluate(default).Details.ToJsonString().ShouldBe(
            $$"""{"solved":false,"answer":"{{string.Join(" \\u002B ", numbers)}}","value":"{{numbers.Sum()}}","uses_the_numbers":true,"unreadable":0}""");
    }

    [Fact]
    public void The_target_by_other_numbers_is_wrong()
    {
        using var instance = Player.Create("3-0");
        var (numbers, target) = Player.Read(instance);
        var solution = Player.Solve(instance);
        foreach (var answer in new[] { $"{target}", $"{target} * 1 * 1", $"{solution} + 0", $"{solution} * 1", $"{solution} + {numbers[0]} - {numbers[0]}" })
        {
            using var fresh = Player.Create("3-0");
            var result = fresh.Say($"<answer>{answer}</answer>");
            (result.Reward, result.EndReason).ShouldBe((0, "wrong"));
            result.Observation.ShouldBe($"Wrong: the numbers {string.Join(", ", numbers)} must be used exactly once each, and no others.");
        }
    }

    [Fact]
    public void A_division_by_zero_is_wrong()
    {
        var instance = new CountdownInstance(new Puzzle([3, 4, 4], 12), EpisodeParameters.None);
        instance.Say("<answer>3 / (4 - 4)</answer>").Observation.ShouldBe("Wrong: the expression divides by zero.");
        instance.Evaluate(default).Details["value"]!.GetValue<string>().ShouldBe("no value");
    }

    [Fact]
    public void Fractions_on_the_way_are_fine()
    {
        var instance = new CountdownInstance(new Puzzle([3, 3, 8, 8], 24), EpisodeParameters.None);
        instance.Say("<answer>8 / (3 - 8 / 3)</answer>").Reward.ShouldBe(1);
    }

    [Theory]
    [InlineData("it is 42", "There is no <answer>…</answer> in your message. Answer again, as <answer>(8 - 2) * 3</answer>.")]
    [InlineData("<answer>1 + </answer>", "Your expression cannot be read. The end stands where a number should. Answer again, as <answer>(8 - 2) * 3</answer>.")]
    public void An_unreadable_answer_is_sent_back_and_the_episode_goes_on(string message, string observation)
    {
        using var instance = Player.Create("3-0");
        var result = instance.Say(message);
        (result.Observation, result.Reward, result.EndReason).ShouldBe((observation, 0, null));
        instance.Evaluate(default).Score.ShouldBe(0);
        instance.Say($"<answer>{Player.Solve(instance)}</answer>").Reward.ShouldBe(1);
        instance.Evaluate(default).Details["unreadable"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public void The_last_unreadable_answer_ends_the_episode()
    {
        using var instance = Player.Create("3-0");
        for (var i = 0; i < 4; i++) instance.Say("hm").IsTerminated.ShouldBeFalse();
        var result = instance.Say("hm");
        (result.Reward, result.EndReason, result.IsTruncated).ShouldBe((0, "max_unreadable", true));
        result.Observation.ShouldEndWith("That was the last try.");
        instance.Say("hm").IsTruncated.ShouldBeTrue();
    }

    [Fact]
    public void How_many_unreadable_answers_an_episode_bears_can_be_set()
    {
        using var instance = Player.Create("3-0", """{"max_unreadable":2}""");
        instance.Opening.System.ShouldEndWith("the episode ends with number 2 of them.");
        instance.Say("hm").IsTerminated.ShouldBeFalse();
        instance.Say("hm").EndReason.ShouldBe("max_unreadable");
        foreach (var wrong in (string[])["0", "-1", "2147483648"])
        {
            Should.Throw<InvalidRequestException>(() => Player.Create("3-0", $$"""{"max_unreadable":{{wrong}}}""")).Message.ShouldContain("params.max_unreadable must be above 0");
        }
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{"format_score":0.1}""", 0.1)]
    [InlineData("""{"format_score":1}""", 1)]
    public void A_wrong_expression_has_the_reward_of_its_form(string parameters, double reward)
    {
        foreach (var answer in (string[])["1", "1 / 0", "1 + 1"])
        {
            using var instance = Player.Create("3-0", parameters);
            var result = instance.Say($"<answer>{answer}</answer>");
            (result.Reward, result.EndReason, instance.Evaluate(default).Score).ShouldBe((reward, "wrong", reward));
            instance.Say($"<answer>{answer}</answer>").Reward.ShouldBe(0);
        }
    }

    [Fact]
    public void The_form_alone_has_no_reward_where_there_is_none_or_the_answer_is_right()
    {
        using var solved = Player.Create("3-0", """{"format_score":0.1}""");
        solved.Opening.System.ShouldContain("reward 1 if it is right, 0.1 if it is not.");
        solved.Say($"<answer>{Player.Solve(solved)}</answer>").Reward.ShouldBe(1);

        using var unreadable = Player.Create("3-0", """{"format_score":0.1}""");
        for (var i = 0; i < 5; i++) unreadable.Say("<answer>1 +</answer>").Reward.ShouldBe(0);
        unreadable.Evaluate(default).Score.ShouldBe(0);
    }

    [Theory]
    [InlineData("-0.1")]
    [InlineData("1.5")]
    public void A_reward_of_the_form_beyond_that_of_a_solution_is_refused(string score)
    {
        Should.Throw<InvalidRequestException>(() => Player.Create("3-0", $$"""{"format_score":{{score}}}""")).Message.ShouldBe($"params.format_score must be from 0 to 1, not {score}");
    }

    [Theory]
    [InlineData("<think>maybe <answer>1</answer></think> Let me think more.")]
    [InlineData("<think>a</think> <answer>1</answer> <think>no</think>")]
    [InlineData("<think><answer>1</answer>")]
    public void Thoughts_do_not_answer(string message)
    {
        using var instance = Player.Create("3-0");
        instance.Say(message).Observation.ShouldStartWith("There is no <answer>…</answer> in your message.");
    }

    [Fact]
    public void As_many_numbers_as_the_task_asks_for()
    {
        foreach (var count in (int[])[7, 8, 12, 20])
        {
            using var instance = Player.Create($"{count}-17");
            Player.Read(instance).Numbers.Count.ShouldBe(count);
            instance.Say($"<answer>{string.Join(" + ", Player.Read(instance).Numbers)}</answer>").Observation.ShouldContain("it equals");
        }
    }

    [Theory]
    [InlineData("solve", """{"expression":"1"}""", "There is no tool \"solve\"; the tool is answer.")]
    [InlineData("answer", """{"expression":1}""", "The tool answer needs the argument \"expression\", a string.")]
    [InlineData("answer", """{"expression":"1 ="}""", "Your expression cannot be read. \"=\" at character 3 does not belong there.")]
    public void A_wrong_call_is_told_what_is_wrong_with_it(string name, string arguments, string problem)
    {
        using var instance = Player.Create("3-0");
        var result = instance.Step(new AgentAction("<answer>1</answer>", [new NativeToolCall("id", name, arguments)]), CancellationToken.None);
        result.IsTerminated.ShouldBeFalse();
        result.Observation.ShouldStartWith(problem);
        result.ToolMessages.Single().Content.ShouldBe(result.Observation);
    }

    [Fact]
    public void After_the_end_nothing_counts_any_more()
    {
        using var instance = Player.Create("3-0");
        var solution = Player.Solve(instance);
        instance.Say("<answer>1</answer>");
        var result = instance.Step(Player.Call(solution), CancellationToken.None);
        (result.Observation, result.Reward, result.EndReason, result.ToolMessages.Count).ShouldBe(("The episode is over (wrong).", 0, "wrong", 1));
        instance.Evaluate(default).Score.ShouldBe(0);
    }

    [Fact]
    public void The_seed_orders_the_numbers_in_the_prompt_and_nothing_else()
    {
        using var one = Player.Create("6-17", """{"seed":1}""");
        using var other = Player.Create("6-17", """{"seed":2}""");
        one.Opening.System.ShouldBe(other.Opening.System);
        one.Opening.User.ShouldNotBe(other.Opening.User);
        Player.Read(one).Target.ShouldBe(Player.Read(other).Target);
        Player.Read(one).Numbers.ShouldBe(Player.Read(other).Numbers, ignoreOrder: true);
    }

    [Fact]
    public void A_wrong_slot_is_refused_at_create()
    {
        Should.Throw<InvalidRequestException>(() => Player.Create("3-0", """{"prompt_template":"{{map}}"}"""))
            .Message.ShouldContain("{{numbers}}, {{rules}}, {{target}}");
    }

    [Fact]
    public void No_message_of_an_agent_throws()
    {
        var text = Gen.OneOf<string>(Gen.String, Gen.OneOf<string>("<answer>", "</answer>", "1", "+", "(", ")", "\0", "\ud800", "{\"expression\":", "\"")).List[0, 8].Select(parts => string.Concat(parts));
        var call = Gen.Select(Gen.OneOf<string>(Gen.Const("answer"), text), text, (name, arguments) => new NativeToolCall("id", name, arguments));
        Gen.Select(text, call.List[0, 2], (content, calls) => new AgentAction(content, calls)).List[1, 8].Sample(actions =>
        {
            var instance = new CountdownInstance(new Puzzle([1, 1, 2], 4), EpisodeParameters.None);
            foreach (var action in actions) instance.Step(action, CancellationToken.None).ToolMessages.Count.ShouldBe(action.ToolCalls.Count);
        });
    }

    [Fact]
    public void Megabytes_of_text_are_answered_in_a_line()
    {
        foreach (var inside in new[] { new string('(', 900_000), new string('9', 900_000), new string('\ud800', 900_000) })
        {
            using var instance = Player.Create("3-0");
            var result = instance.Say($"<answer>{inside}</answer>");
            (result.Observation, result.IsTerminated).ShouldBe(
                ("Your expression cannot be read. It has 900000 characters; 400 are the most. Answer again, as <answer>(8 - 2) * 3</answer>.", false));
        }
    }
}
