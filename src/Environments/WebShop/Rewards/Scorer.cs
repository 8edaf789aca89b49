using SandQueue.Environments.WebShop.Goals;
using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Rewards;

/// <summary>Compares a purchase with its goal.</summary>
internal sealed class Scorer(INounSource nouns)
{
    public INounSource Nouns => nouns;

    /// <param name="bought">The product that was bought.</param>
    /// <param name="chosen">The values of the options that were chosen.</param>
    /// <param name="price">What it costs in this episode.</param>
    /// <param name="goal">What was asked for.</param>
    public PurchaseReward Score(Product bought, IReadOnlyCollection<string> chosen, double price, Goal goal)
    {
        var type = TypeReward.Of(bought, goal, nouns);
        var attributes = MatchedAttributes(bought, goal.Attributes);
        var options = MatchedOptions(chosen, goal.Options);
        var within = price <= goal.PriceLimit;
        var (wantedAttributes, wantedOptions) = (goal.Attributes.Count, goal.Options.Items.Count);
        return new PurchaseReward
        {
            Total = (double)(attributes + options + (within ? 1 : 0)) / (wantedAttributes + wantedOptions + 1) * type.Factor,
            Type = type,
            GoalAttributes = wantedAttributes,
            MatchedAttributes = attributes,
            GoalOptions = wantedOptions,
            MatchedOptions = options,
            WithinLimit = within,
        };
    }

    private static int MatchedAttributes(Product bought, IReadOnlyList<string> wanted)
    {
        var had = bought.Attributes.Select(TokenSetRatio.Words).ToArray();
        var title = PythonText.Lower(bought.Title);
        var features = PythonText.Lower(string.Join(' ', bought.Features));
        var description = PythonText.Lower(bought.Description);
        return wanted.Count(attribute =>
        {
            var words = TokenSetRatio.Words(attribute);
            return had.Any(each => TokenSetRatio.Of(each, words) > TokenSetRatio.Same)
                || title.Contains(attribute, StringComparison.Ordinal)
                || features.Contains(attribute, StringComparison.Ordinal)
                || description.Contains(attribute, StringComparison.Ordinal);
        });
    }

    /// <summary>How many of the wanted options the chosen values meet.</summary>
    public static int MatchedOptions(IReadOnlyCollection<string> chosen, GoalOptions wanted)
    {
        var had = chosen.Select(value => TokenSetRatio.Words(ColourNames.Normalize(value))).ToArray();
        return wanted.Items.Count(option =>
        {
            var words = TokenSetRatio.Words(Normalized(option));
            return had.Any(each => TokenSetRatio.Of(each, words) > TokenSetRatio.Same);
        });
    }

    // The original hands a named option on as a pair: a colour word counts only where it is the whole value, and what is
    // compared is the pair as Python prints it.
    private static string Normalized(KeyValuePair<string?, string> option) => option.Key is null
        ? ColourNames.Normalize(option.Value)
        : ColourNames.Among(option.Key, option.Value) ?? $"({PythonText.Repr(option.Key)}, {PythonText.Repr(option.Value)})";
}
