using SandQueue.Environments.WebShop.Goals;
using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Shopping;

namespace SandQueue.Environments.WebShop.Loading;

/// <summary>Everything that was loaded.</summary>
/// <param name="Shop">Products, search and scorer.</param>
/// <param name="Goals">The synthetic goals.</param>
/// <param name="HumanGoals">The goals that people wrote, or null where there is no file of them.</param>
/// <param name="Hash">SHA-256 over the files.</param>
/// <param name="Source">In words, where it is from.</param>
/// <param name="Problems">What could not be read, with file and line.</param>
internal sealed record Catalogue(
    Shop Shop,
    SyntheticGoals Goals,
    HumanGoals? HumanGoals,
    string Hash,
    string Source,
    IReadOnlyList<string> Problems);
