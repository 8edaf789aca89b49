using SandQueue.Environments.WebShop.Rewards;

namespace SandQueue.Environments.WebShop.Shopping;

/// <summary>What was bought, and what it is worth.</summary>
internal sealed record Purchase(string Asin, IReadOnlyList<KeyValuePair<string, string>> Options, double Price, PurchaseReward Reward);
