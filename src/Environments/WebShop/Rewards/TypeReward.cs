using SandQueue.Environments.WebShop.Goals;
using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Rewards;

/// <summary>Whether the purchased thing is the kind of thing that was asked for; the factor of the whole reward.</summary>
internal sealed record TypeReward(double Factor, bool QueryMatch, bool CategoryMatch, double TitleScore)
{
    public static TypeReward Of(Product bought, Goal goal, INounSource nouns)
    {
        var queryMatch = bought.Query == goal.Query;
        var categoryMatch = Categories(bought.ProductCategory).Intersect(Categories(goal.ProductCategory), StringComparer.Ordinal).Count() >= 2;
        var titleScore = TitleScoreOf(nouns.Nouns(bought.Title), nouns.Nouns(goal.Name));
        var factor = titleScore switch
        {
            0.0 => 0.0,
            < 0.1 => 0.1,
            <= 0.2 when !queryMatch && !categoryMatch => 0.5,
            _ => 1.0,
        };
        return new TypeReward(factor, queryMatch, categoryMatch, titleScore);
    }

    // A noun that the goal's name has twice counts once above and twice below, in the original too.
    private static double TitleScoreOf(IReadOnlyList<string> bought, IReadOnlyList<string> wanted) =>
        wanted.Count == 0 ? 0.2 : (double)bought.Intersect(wanted, StringComparer.Ordinal).Count() / wanted.Count;

    private static IEnumerable<string> Categories(string path) => path.Split('›').Select(PythonText.Strip);
}
