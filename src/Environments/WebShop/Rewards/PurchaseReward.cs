using System.Text.Json.Nodes;

namespace SandQueue.Environments.WebShop.Rewards;

/// <summary>What a purchase is worth, and why.</summary>
internal sealed record PurchaseReward
{
    public required double Total { get; init; }

    public required TypeReward Type { get; init; }

    public required int GoalAttributes { get; init; }

    public required int MatchedAttributes { get; init; }

    public required int GoalOptions { get; init; }

    public required int MatchedOptions { get; init; }

    public required bool WithinLimit { get; init; }

    private int Parts => GoalAttributes + GoalOptions + 1;

    /// <summary>Adds the parts under the original's names.</summary>
    public void WriteTo(JsonObject details)
    {
        details["r_type"] = Type.Factor;
        details["r_att"] = (double)MatchedAttributes / GoalAttributes;
        details["w_att"] = (double)GoalAttributes / Parts;
        details["query_match"] = Type.QueryMatch;
        details["category_match"] = Type.CategoryMatch;
        details["title_score"] = Type.TitleScore;
        if (GoalOptions > 0)
        {
            details["r_option"] = (double)MatchedOptions / GoalOptions;
            details["w_option"] = (double)GoalOptions / Parts;
        }

        details["r_price"] = WithinLimit;
        details["w_price"] = 1.0 / Parts;
    }
}
