namespace SandQueue.Environments.WebShop.Goals;

/// <summary>A numbered list of goals; a goal is made when it is asked for.</summary>
internal interface IGoalBook
{
    int Count { get; }

    /// <param name="index">The goal's number.</param>
    /// <param name="seed">Seed of prices and limits; the order of goals does not depend on it.</param>
    Goal Read(int index, long seed);

    /// <summary>The price of a product under a seed.</summary>
    double Price(int product, long seed);
}
