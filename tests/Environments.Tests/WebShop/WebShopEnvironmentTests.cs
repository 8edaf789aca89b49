using System.Text.Json;
using SandQueue.Environments.Episodes;
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
