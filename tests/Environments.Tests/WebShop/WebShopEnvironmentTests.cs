using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.WebShop;

namespace SandQueue.Environments.Tests.WebShop;

public sealed class WebShopEnvironmentTests
{
    private static readonly WebShopEnvironment Sample = WebShopContractTests.Sample;

    [Fact]
    public void The_sample_is_whole_and_says_what_it_is()
    {
        Sample.Description.Problems.ShouldBeEmpty();
        Sample.Description.DataSource.ShouldBe("SandQueue's own sample catalogue: 32 products, 135 goals; nouns approximate: every alphabetic token");
        Sample.Description.ScorerVersion.ShouldContain("approximate");
        Sample.Splits.ShouldBe(["all", "train", "val", "eval", "test"]);
    }

    [Fact]
    public void Splits_hold_out_the_first_goals()
    {
        Sample.ListTasks("all").Count.ShouldBe(135);
        Sample.ListTasks("val").ShouldBe(Enumerable.Range(0, 27).Select(goal => $"{goal}"));
        Sample.ListTasks("eval").ShouldBe(Sample.ListTasks("val"));
        Sample.ListTasks("test").ShouldBe(Sample.ListTasks("val"));
        Sample.ListTasks("train").ShouldBe(Enumerable.Range(27, 108).Select(goal => $"{goal}"));
    }

    [Theory]
    [InlineData(1_000, 6_910, 500, 500, 6_410)]
    [InlineData(1_181_436, 12_087, 500, 1_000, 10_587)]
    public void Public_catalogues_have_the_fields_splits(int products, int goals, int test, int validation, int train)
    {
        var splits = new WebShopSplits(products, goals, 0);
        (splits.List("test").Count, splits.List("val").Count, splits.List("train").Count).ShouldBe((test, validation, train));
        splits.List("test")[0].ShouldBe("0");
        splits.List("val")[0].ShouldBe(products > 1_000 ? "500" : "0");
        splits.List("train")[^1].ShouldBe($"{goals - 1}");
    }

    [Theory]
    [InlineData("135")]
    [InlineData("-1")]
    [InlineData("007")]
    [InlineData("1.0")]
    [InlineData("human-0")]
    [InlineData("")]
    public void A_task_that_is_no_goal_number_is_refused(string task) =>
        Should.Throw<InvalidRequestException>(() => Sample.Create(task, EpisodeParameters.None)).Message.ShouldBe($"webshop has no task \"{task}\"; its tasks are the goal numbers 0 to 134");

    [Fact]
    public void A_seed_draws_other_prices_for_the_same_goal()
    {
        var limits = Enumerable.Range(0, 12).Select(seed => Opening("27", $$"""{"seed":{{seed}}}""").User).ToHashSet();
        limits.Count.ShouldBeGreaterThan(1);
        limits.Select(text => text[..text.IndexOf(", and price", StringComparison.Ordinal)]).Distinct().Count().ShouldBe(1);
        Opening("27", """{"seed":233}""").User.ShouldBe(Opening("27", "{}").User);
        Opening("27", """{"seed":3}""").User.ShouldBe(Opening("27", """{"seed":3}""").User);
    }

    [Fact]
    public void The_mode_of_observation_is_a_parameter()
    {
        Opening("0", "{}").User.ShouldStartWith("WebShop [SEP] Instruction: [SEP] Find me ");
        Opening("0", """{"observation_mode":"text_rich"}""").User.ShouldStartWith("WebShop\nInstruction: \nFind me ");
        Opening("0", """{"observation_mode":"url"}""").User.ShouldBe("http://127.0.0.1:3000/0");
        Should.Throw<InvalidRequestException>(() => Opening("0", """{"observation_mode":"html"}""")).Message
            .ShouldBe("params.observation_mode is \"html\"; webshop has text, text_rich and url");
    }

    [Fact]
    public void A_perfect_purchase_is_worth_one_and_ends_the_episode()
    {
        using var instance = Sample.Create("0", EpisodeParameters.None);
        var wanted = instance.Opening.Info!["instruction"]!.GetValue<string>();
        var page = Step(instance, $"search[{wanted}]");
        var asin = page.Info!["available_actions"]!["clickables"]!.AsArray()[2]!.GetValue<string>();
        Step(instance, $"click[{asin}]");
        foreach (var option in wanted.Split(": ").Skip(1)) Step(instance, $"click[{option.Split(", and ")[0]}]");

        instance.Evaluate(default).Details.ToJsonString().ShouldBe("""{"purchased":false,"nouns":"approximate: every alphabetic token"}""");
        var bought = Step(instance, "click[buy now]");
        (bought.Reward, bought.EndReason).ShouldBe((1.0, "completed"));
        var evaluation = instance.Evaluate(default);
        (evaluation.Score, evaluation.Details["r_type"]!.GetValue<double>(), evaluation.Details["asin"]!.GetValue<string>().ToLowerInvariant()).ShouldBe((1.0, 1.0, asin));

        var after = Step(instance, "search[more]");
        (after.Reward, after.EndReason, after.Observation).ShouldBe((0.0, "completed", bought.Observation));
    }

    [Fact]
    public void An_action_that_is_not_possible_shows_the_page_again()
    {
        using var instance = Sample.Create("0", EpisodeParameters.None);
        var first = instance.Opening.User;
        foreach (var action in new[] { "click[buy now]", "click[search]", "", "search[]", "hm" })
        {
            var result = Step(instance, action);
            (result.Observation, result.Reward, result.IsTerminated, result.Info!["valid"]!.GetValue<bool>()).ShouldBe((first, 0.0, false, false));
        }

        Step(instance, "search[lamp]").Info!["valid"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("hm", "There is no action in your message: write search[keywords] or click[text].")]
    [InlineData("Click[Buy Now]", "There is no action in your message: search and click are written in small letters, as in click[Buy Now].")]
    [InlineData("SEARCH[lamp]", "There is no action in your message: search and click are written in small letters, as in click[Buy Now].")]
    [InlineData("click[Buy Now]", "There is no button \"Buy Now\" on this page; the buttons are search.")]
    [InlineData("click[Search]", "The button search is not clicked: write search[keywords].")]
    public void An_action_that_is_not_possible_says_why(string message, string problem)
    {
        using var instance = Sample.Create("0", EpisodeParameters.None);
        var result = Step(instance, message);
        (result.Observation, result.Info!["problem"]!.GetValue<string>()).ShouldBe((instance.Opening.User, problem));
        Step(instance, "search[lamp]").Info!.ContainsKey("problem").ShouldBeFalse();
    }

    [Fact]
    public void A_click_beside_the_buttons_names_them()
    {
        using var instance = Sample.Create("0", EpisodeParameters.None);
        Step(instance, "search[kettle]");
        Step(instance, "click[SQ00000001]");
        Step(instance, $"click[{new string('x', 200_000)}]").Info!["problem"]!.GetValue<string>()
            .ShouldBe($"There is no button \"{new string('x', 60)}…\" on this page; the buttons are back to search, < prev, description, features, reviews, buy now, cream, forest green, black.");
    }

    [Fact]
    public void Capital_letters_make_no_difference_between_the_brackets()
    {
        using var instance = Sample.Create("0", EpisodeParameters.None);
        instance.Opening.System.ShouldContain("Between the brackets capital letters make no difference; search and click are written in small letters.");
        Step(instance, "search[KETTLE]");
        Step(instance, "click[sq00000001]").Info!["valid"]!.GetValue<bool>().ShouldBeTrue();
        Step(instance, "click[BUY NOW]").EndReason.ShouldBe("completed");
        Step(instance, "click[buy now]").Info!["problem"]!.GetValue<string>().ShouldBe("The purchase was made; nothing more can be done.");
    }

    [Theory]
    [InlineData("<think>maybe later click[Buy Now]</think> Let me think more.")]
    [InlineData("<think>a</think> click[Buy Now] <think>no</think>")]
    [InlineData("<think>click[Buy Now]")]
    public void Thoughts_do_not_buy(string message)
    {
        using var instance = Sample.Create("0", EpisodeParameters.None);
        Step(instance, "search[kettle]");
        Step(instance, "click[SQ00000001]");
        var result = Step(instance, message);
        (result.EndReason, result.Info!["valid"]!.GetValue<bool>()).ShouldBe((null, false));
    }

    [Fact]
    public void A_search_that_is_too_long_is_not_made_and_comes_back_nowhere()
    {
        using var instance = Sample.Create("0", EpisodeParameters.None);
        var query = string.Join(' ', Enumerable.Repeat("kettle", 30_000));
        var result = Step(instance, $"search[{query}]");
        result.Observation.ShouldBe(instance.Opening.User);
        result.Info!["problem"]!.GetValue<string>().ShouldBe("A search has at most 1000 characters; this one has 209999.");
        var called = instance.Step(new AgentAction("", [new NativeToolCall("a", "search", $$"""{"keywords":"{{query}}"}""")]), CancellationToken.None);
        called.ToolMessages.Single().Content.ShouldStartWith("A search has at most 1000 characters; this one has 209999. WebShop [SEP] ");

        Step(instance, $"search[{query[..1000]}]").Info!["valid"]!.GetValue<bool>().ShouldBeTrue();
        foreach (var action in (string[])["click[SQ00000001]", "click[features]"])
        {
            var page = Step(instance, action);
            page.Info!["valid"]!.GetValue<bool>().ShouldBeTrue();
            (page.Observation.Length + page.Info!.ToJsonString().Length).ShouldBeLessThan(5_000);
        }
    }

    [Fact]
    public void Of_many_calls_only_the_first_are_carried_out_and_all_are_answered()
    {
        using var instance = Sample.Create("0", EpisodeParameters.None);
        NativeToolCall[] calls = [.. Enumerable.Range(0, 256).Select(index => new NativeToolCall($"call_{index}", "search", """{"keywords":"kettle"}"""))];
        var result = instance.Step(new AgentAction("", calls), CancellationToken.None);
        result.ToolMessages.Count(answer => answer.Content.StartsWith("Instruction: ", StringComparison.Ordinal)).ShouldBe(32);
        result.ToolMessages.Count(answer => answer.Content == "Not carried out: a message has at most 32 actions.").ShouldBe(256 - 32);
        result.Info!["problem"]!.GetValue<string>().ShouldBe("Not carried out: a message has at most 32 actions.");
    }

    [Fact]
    public void Calls_end_when_their_caller_is_gone()
    {
        using var instance = Sample.Create("0", EpisodeParameters.None);
        var action = new AgentAction("", [new NativeToolCall("a", "search", """{"keywords":"kettle"}""")]);
        Should.Throw<OperationCanceledException>(() => instance.Step(action, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void The_page_of_attributes_is_there_for_who_asks()
    {
        using var parameters = JsonDocument.Parse("""{"show_attributes":true}""");
        using var instance = Sample.Create("0", new EpisodeParameters(parameters.RootElement.Clone()));
        Step(instance, "search[kettle]");
        Step(instance, "click[SQ00000001]").Observation.ShouldContain("Reviews [SEP] Attributes [SEP] Buy Now");
        Step(instance, "click[attributes]").Observation.ShouldEndWith("< Prev [SEP] easy clean [SEP] induction ready [SEP] wood handle [SEP] kitchen [SEP] kettles [SEP] Home & Kitchen › Kitchen & Dining › Kettles");
    }

    private static StepResult Step(IInstance instance, string action) => instance.Step(new AgentAction(action, []), CancellationToken.None);

    private static Opening Opening(string task, string parameters)
    {
        using var document = JsonDocument.Parse(parameters);
        using var instance = Sample.Create(task, new EpisodeParameters(document.RootElement.Clone()));
        return instance.Opening;
    }
}
