using System.Text.Json.Nodes;
using CsCheck;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.FrozenLake;

namespace SandQueue.Environments.Tests.FrozenLake;

public sealed class FrozenLakeInstanceTests
{
    [Fact]
    public void The_shortest_way_reaches_the_goal_of_every_listed_task_that_is_not_slippery()
    {
        var environment = new FrozenLakeEnvironment();
        var tasks = environment.Splits.SelectMany(environment.ListTasks).Where(task => !task.Contains("slippery", StringComparison.Ordinal)).ToList();
        tasks.Count.ShouldBe(700);
        foreach (var task in tasks)
        {
            using var instance = environment.Create(task, EpisodeParameters.None);
            var way = Walker.ShortestWay(Walker.Map(instance))!;
            foreach (var word in way.SkipLast(1)) instance.Say(word).ShouldSatisfyAllConditions(step => step.Reward.ShouldBe(0), step => step.EndReason.ShouldBeNull());
            var last = instance.Say(way[^1]);
            (last.Reward, last.EndReason).ShouldBe((1, "goal"));
            instance.Evaluate(default).Score.ShouldBe(1);
        }
    }

    [Fact]
    public void A_step_shows_where_the_agent_is()
    {
        using var instance = Walker.Create("4x4-17");
        instance.Say("down").Observation.ShouldBe("You go down.\n\n. . . .\nA . . .\n. . H H\n. . . G");
    }

    [Fact]
    public void The_edge_stops_a_step()
    {
        using var instance = Walker.Create("4x4-17");
        var map = instance.Opening.User.Split("\n\n")[0];
        instance.Say("up").Observation.ShouldBe($"You go up, but there the lake ends. You stay where you are.\n\n{map}");
    }

    [Fact]
    public void A_hole_ends_the_episode_without_reward()
    {
        using var instance = Walker.Create("4x4-17");
        var result = FallIn(instance);
        (result.Reward, result.EndReason).ShouldBe((0, "hole"));
        result.Observation.ShouldContain("and fall into a hole.");
        instance.Evaluate(default).Score.ShouldBe(0);
        result.IsTruncated.ShouldBeFalse();
    }

    [Fact]
    public void Several_moves_are_taken_in_their_order()
    {
        using var one = Walker.Create("4x4-17");
        using var each = Walker.Create("4x4-17");
        one.Say("<think>Which way?</think><answer>Down || Right || 1</answer>").Observation
            .ShouldBe("You go down. You go right. You go left.\n\n. . . .\nA . . .\n. . H H\n. . . G");
        foreach (var move in (ReadOnlySpan<string>)["down", "right", "left"]) each.Say(move);
        one.Evaluate(default).Details.ToJsonString().ShouldBe(each.Evaluate(default).Details.ToJsonString());
    }

    [Fact]
    public void A_whole_way_in_one_message_reaches_the_goal()
    {
        foreach (var task in new[] { "4x4-17", "8x8-3", "16x16-5" })
        {
            using var instance = Walker.Create(task);
            var result = instance.Say($"<answer>{string.Join(" || ", Walker.ShortestWay(Walker.Map(instance))!)} || up || up</answer>");
            (result.Reward, result.EndReason).ShouldBe((1, "goal"));
            result.Observation.ShouldNotContain("up");
            instance.Evaluate(default).Details["moves"]!.GetValue<int>().ShouldBe(Walker.ShortestWay(Walker.Map(instance))!.Count);
        }
    }

    [Fact]
    public void A_hole_on_the_way_ends_the_moves()
    {
        using var instance = Walker.Create("4x4-17");
        var result = instance.Say("<answer>Down || Down || Right || Right || Down</answer>");
        (result.Reward, result.EndReason).ShouldBe((0, "hole"));
        result.Observation.ShouldStartWith("You go down. You go down. You go right. You go right and fall into a hole.\n\n");
    }

    [Fact]
    public void Moves_slip_alike_in_one_message_and_in_many()
    {
        using var one = Walker.Create("16x16-slippery-3");
        using var many = Walker.Create("16x16-slippery-3");
        for (var i = 0; i < 4; i++) many.Say("right");
        one.Say("<answer>right||right||right||right</answer>").Observation.Split("\n\n")[1].ShouldBe(many.Say("hm").Observation.Split("\n\n")[1]);
    }

    [Fact]
    public void What_is_no_move_stops_the_moves_there_and_is_named()
    {
        using var instance = Walker.Create("4x4-17");
        var result = instance.Say("<answer>Down || Jump || Right</answer>");
        result.Observation.ShouldBe(
            "You go down. \"Jump\" is no move: it is left, down, right or up, or its number from 1 to 4. You stay where you are.\n\n. . . .\nA . . .\n. . H H\n. . . G");
        instance.Evaluate(default).Details.ToJsonString().ShouldContain("\"moves\":1,\"unreadable\":1");
    }

    [Fact]
    public void The_moves_of_an_episode_bound_those_of_a_message()
    {
        using var instance = Walker.Create("4x4-17");
        var result = instance.Say($"<answer>{string.Join("||", Enumerable.Repeat("left", 150_000))}</answer>");
        (result.EndReason, result.IsTruncated).ShouldBe(("max_moves", true));
        result.Observation.Length.ShouldBeLessThan(10_000);
        instance.Evaluate(default).Details["moves"]!.GetValue<int>().ShouldBe(100);
    }

    [Theory]
    [InlineData("<think>maybe later <action>down</action></think> Let me think more.")]
    [InlineData("<think>first </think> down <think><action>down</action></think>")]
    [InlineData("<think>down")]
    public void Thoughts_do_not_move(string message)
    {
        using var instance = Walker.Create("4x4-17");
        instance.Say(message).Observation.ShouldStartWith("There is no move in your message");
    }

    [Fact]
    public void A_message_without_a_move_changes_nothing_and_says_so()
    {
        using var instance = Walker.Create("4x4-slippery-17");
        var map = instance.Opening.User.Split("\n\n")[0];
        var result = instance.Say("hm");
        (result.Reward, result.EndReason).ShouldBe((0, null));
        result.Observation.ShouldBe(
            $"There is no move in your message: write left, down, right or up, as in <action>right</action>. You stay where you are.\n\n{map}");
        instance.Evaluate(default).Details["unreadable"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public void Turns_without_a_move_do_not_shift_the_slips()
    {
        using var plain = Walker.Create("16x16-slippery-3");
        using var interrupted = Walker.Create("16x16-slippery-3");
        for (var i = 0; i < 5; i++)
        {
            interrupted.Say("hm");
            interrupted.Say("up").Observation.ShouldBe(plain.Say("up").Observation);
        }
    }

    [Theory]
    [InlineData("left")]
    [InlineData("hm")]
    public void The_turns_run_out(string message)
    {
        using var instance = Walker.Create("4x4-17");
        for (var i = 1; i < 100; i++) instance.Say(message).IsTerminated.ShouldBeFalse();
        var result = instance.Say(message);
        (result.Reward, result.EndReason, result.IsTruncated).ShouldBe((0, "max_moves", true));
        result.Observation.ShouldContain("That was your last move.");
        instance.Evaluate(default).Score.ShouldBe(0);
        instance.Say(message).IsTruncated.ShouldBeTrue();
    }

    [Fact]
    public void The_goal_on_the_last_turn_is_the_goal()
    {
        using var instance = Walker.Create("4x4-17");
        var way = Walker.ShortestWay(Walker.Map(instance))!;
        for (var i = 0; i < 100 - way.Count; i++) instance.Say("hm");
        way.SkipLast(1).ToList().ForEach(word => instance.Say(word).IsTerminated.ShouldBeFalse());
        var last = instance.Say(way[^1]);
        (last.Reward, last.EndReason).ShouldBe((1, "goal"));
    }

    [Fact]
    public void After_the_end_nothing_happens_any_more()
    {
        using var instance = Walker.Create("4x4-17");
        var way = Walker.ShortestWay(Walker.Map(instance))!;
        way.ForEach(word => instance.Say(word));
        var score = instance.Evaluate(default).Details.ToJsonString();
        var result = instance.Step(Walker.Call("up"), CancellationToken.None);
        (result.Reward, result.EndReason, result.ToolMessages.Count).ShouldBe((0, "goal", 1));
        result.Observation.ShouldStartWith("The episode is over (goal).");
        instance.Evaluate(default).Details.ToJsonString().ShouldBe(score);
    }

    [Fact]
    public void A_tool_call_moves_as_text_does_and_goes_before_it()
    {
        using var spoken = Walker.Create("4x4-17");
        using var called = Walker.Create("4x4-17");
        var result = called.Step(Walker.Call("down", "up") with { Content = "<action>up</action>" }, CancellationToken.None);
        result.Observation.ShouldBe(spoken.Say("down").Observation);
        result.ToolMessages.ShouldBe(
        [
            new ToolMessage("call_0", "move", result.Observation),
            new ToolMessage("call_1", "move", "Not carried out: one call a turn."),
        ]);
    }

    [Theory]
    [InlineData("jump", """{"direction":"left"}""", "There is no tool \"jump\"; the tool is move.")]
    [InlineData("move", """{"direction":"north"}""", "\"north\" is no move: it is left, down, right or up, or its number from 1 to 4.")]
    [InlineData("move", """{"direction":""", "Your message cannot be read: the arguments are not JSON: it breaks at line 1, byte 14.")]
    public void A_wrong_call_is_told_what_is_wrong_with_it(string name, string arguments, string problem)
    {
        using var instance = Walker.Create("4x4-17");
        var result = instance.Step(new AgentAction("left", [new NativeToolCall("id", name, arguments)]), CancellationToken.None);
        result.Observation.ShouldStartWith($"{problem} You stay where you are.");
        result.ToolMessages.Single().Content.ShouldBe(result.Observation);
    }

    [Fact]
    public void Slippery_ice_goes_each_of_three_ways_one_time_in_three()
    {
        var ways = new Dictionary<string, int>();
        for (var seed = 0; seed < 3000; seed++)
        {
            using var instance = Walker.Create("4x4-slippery-17", $$"""{"seed":{{seed}}}""");
            var seen = instance.Say("right").Observation;
            var way = seen.StartsWith("You go right", StringComparison.Ordinal) ? "right" : seen.Split("slip ")[1].Split([' ', ',', '.'])[0];
            ways[way] = ways.GetValueOrDefault(way) + 1;
        }

        ways.Keys.Order().ShouldBe(["down", "right", "up"]);
        ways.Values.ShouldAllBe(count => count > 900 && count < 1100);
    }

    [Fact]
    public void The_seed_decides_the_slips_and_nothing_else()
    {
        Walk("""{"seed":1}""").ShouldBe(Walk("""{"seed":1}"""));
        Walk("""{"seed":1}""").ShouldNotBe(Walk("""{"seed":2}"""));
        Walk("{}").ShouldNotBe(Walk("""{"seed":1}"""));
        foreach (var task in new[] { "8x8-slippery-5", "8x8-5" })
        {
            using var one = Walker.Create(task, """{"seed":1}""");
            using var other = Walker.Create(task, """{"seed":2}""");
            (one.Opening.System, one.Opening.User).ShouldBe((other.Opening.System, other.Opening.User));
        }

        static List<string> Walk(string parameters)
        {
            using var instance = Walker.Create("8x8-slippery-5", parameters);
            return [.. Enumerable.Range(0, 12).Select(_ => instance.Say("up").Observation)];
        }
    }

    [Fact]
    public void The_prompt_names_the_slips_only_where_there_are_any()
    {
        using var firm = Walker.Create("4x4-17");
        using var slippery = Walker.Create("4x4-slippery-17");
        firm.Opening.System.ShouldNotContain("slippery");
        slippery.Opening.System.ShouldContain("slippery");
        firm.Opening.System.ShouldContain("You have 100 moves.");
        firm.Opening.Info!.ToJsonString().ShouldBe("""{"size":4,"slippery":false,"max_moves":100}""");
    }

    [Fact]
    public void A_wrong_slot_is_refused_at_create()
    {
        Should.Throw<InvalidRequestException>(() => Walker.Create("4x4-17", """{"prompt_template":"{{lake}}"}"""))
            .Message.ShouldContain("{{map}}, {{max_moves}}, {{rules}}, {{size}}");
    }

    [Fact]
    public void No_message_of_an_agent_throws()
    {
        var text = Gen.OneOf<string>(Gen.String, Gen.OneOf<string>("<action>", "</action>", "<answer>", "</answer>", "||", "3", "left", "up", " ", "\0", "\ud800", "{\"direction\":", "\"")).List[0, 8].Select(parts => string.Concat(parts));
        var call = Gen.Select(Gen.OneOf<string>(Gen.Const("move"), text), text, (name, arguments) => new NativeToolCall("id", name, arguments));
        Gen.Select(text, call.List[0, 2], (content, calls) => new AgentAction(content, calls)).List[1, 10].Sample(actions =>
        {
            using var instance = Walker.Create("4x4-slippery-3");
            foreach (var action in actions) instance.Step(action, CancellationToken.None).ToolMessages.Count.ShouldBe(action.ToolCalls.Count);
        });
    }

    [Fact]
    public void Megabytes_of_text_are_read_at_once()
    {
        using var instance = Walker.Create("4x4-17");
        foreach (var piece in new[] { "<action>", "</action>", "<answer>", "</answer>", "<action>||</answer>", "a ", "||", "left", "<think>", "</think>", "\ud800" })
        {
            instance.Say(string.Concat(Enumerable.Repeat(piece, 10_000_000 / piece.Length))).Observation.Length.ShouldBeLessThan(1000);
        }
    }

    /// <summary>Walks to a hole beside the shortest way.</summary>
    private static StepResult FallIn(IInstance instance)
    {
        var map = Walker.Map(instance);
        var (row, column) = (0, 0);
        foreach (var word in Walker.ShortestWay(map)!)
        {
            foreach (var (aside, r, c) in new[] { ("left", 0, -1), ("down", 1, 0), ("right", 0, 1), ("up", -1, 0) })
            {
                var (atRow, atColumn) = (row + r, column + c);
                if (atRow >= 0 && atColumn >= 0 && atRow < map.Length && atColumn < map.Length && map[atRow][atColumn] == 'H') return instance.Say(aside);
            }

            instance.Say(word);
            row += word switch { "down" => 1, "up" => -1, _ => 0 };
            column += word switch { "right" => 1, "left" => -1, _ => 0 };
        }

        throw new InvalidOperationException("no hole beside the way; choose another task");
    }
}
