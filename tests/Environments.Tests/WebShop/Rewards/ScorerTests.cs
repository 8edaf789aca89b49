using System.Text.Json.Nodes;
using SandQueue.Environments.WebShop.Goals;
using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Rewards;

namespace SandQueue.Environments.Tests.WebShop.Rewards;

public sealed class ScorerTests
{
    private static readonly Product Lamp = new()
    {
        Asin = "B000000001",
        Title = "Reading Lamp",
        PriceTag = "$20.0",
        Pricing = [20],
        Description = "Gives Warm Light.",
        Features = ["Height adjustable neck"],
        Options = [],
        Attributes = ["living room"],
        Instruction = null,
        InstructionAttributes = [],
        Category = "garden",
        Query = "floor lamps",
        ProductCategory = "Home › Lighting › Floor Lamps",
    };

    private static readonly Goal Wanted = new()
    {
        Product = 0,
        Instruction = "",
        Attributes = ["living room", "warm light", "height adjustable", "fast charging"],
        Options = GoalOptions.Named([("color", "black"), ("size", "small")]),
        PriceLimit = 30,
        Name = "Reading Lamp",
        Query = "floor lamps",
        ProductCategory = "Home › Lighting › Floor Lamps",
    };

    [Fact]
    public void Attributes_are_found_in_the_list_the_features_and_the_description()
    {
        var reward = Score(Lamp, Wanted, []);
        (reward.MatchedAttributes, reward.MatchedOptions, reward.WithinLimit).ShouldBe((3, 0, true));
        reward.Total.ShouldBe(4.0 / 7);
    }

    [Theory]
    [InlineData("black", 1)]
    [InlineData("matte black", 1)]
    [InlineData("white", 0)]
    [InlineData("small", 1)]
    [InlineData("size small", 1)]
    [InlineData("x-large", 0)]
    public void Options_match_by_colour_word_or_by_likeness(string chosen, int matched) => Score(Lamp, Wanted, [chosen]).MatchedOptions.ShouldBe(matched);

    [Fact]
    public void A_price_above_the_limit_does_not_count() => Score(Lamp, Wanted with { PriceLimit = 10 }, []).Total.ShouldBe(3.0 / 7);

    [Theory]
    [InlineData("Reading Lamp", "floor lamps", 1.0)]
    [InlineData("One Two Three Four Five Six Lamp", "bulbs", 0.5)]
    [InlineData("One Two Three Four Five Six Lamp", "floor lamps", 1.0)]
    [InlineData("a b c d e f g h i j Lamp", "floor lamps", 0.1)]
    [InlineData("Shoe", "floor lamps", 0.0)]
    [InlineData("123", "bulbs", 0.5)]
    public void Another_kind_of_thing_lowers_the_whole(string goalName, string query, double factor)
    {
        var goal = Wanted with { Name = goalName, Query = query, ProductCategory = "Home › Elsewhere" };
        var reward = Score(Lamp, goal, []);
        reward.Type.Factor.ShouldBe(factor);
        reward.Total.ShouldBe(4.0 / 7 * factor);
    }

    [Fact]
    public void Without_options_the_parts_name_none()
    {
        var details = new JsonObject();
        Score(Lamp, Wanted with { Options = GoalOptions.Named([]) }, []).WriteTo(details);
        details.Select(part => part.Key).ShouldBe(["r_type", "r_att", "w_att", "query_match", "category_match", "title_score", "r_price", "w_price"]);
    }

    private static PurchaseReward Score(Product product, Goal goal, string[] chosen) => new Scorer(new AlphabeticTokens()).Score(product, chosen, 20, goal);
}
