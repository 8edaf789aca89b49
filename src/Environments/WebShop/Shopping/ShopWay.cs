namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>How a product is bought, from whatever page.</summary>
/// <param name="Keywords">What is searched for.</param>
/// <param name="Clicks">What is clicked then, in order.</param>
/// <param name="Reward">What the purchase gives.</param>
internal sealed record ShopWay(string Keywords, IReadOnlyList<string> Clicks, double Reward);
