namespace SandQueue.Rollouts.Statistics;

/// <summary>What a mean could be where values are missing.</summary>
public static class MissingBounds
{
    /// <summary>
    /// The mean with every missing value as 0, and as 1. Null where a value lies outside of 0 to 1: nothing then says what a missing one could be.
    /// </summary>
    /// <param name="total">The sum of the values that are there.</param>
    /// <param name="values">How many are there.</param>
    /// <param name="missing">How many are not.</param>
    /// <param name="smallest">The smallest that is there.</param>
    /// <param name="largest">The largest that is there.</param>
    public static Interval? Of(double total, int values, int missing, double smallest, double largest) =>
        values + missing == 0 || (values > 0 && (smallest < 0 || largest > 1))
            ? null
            : new Interval(total / (values + missing), (total + missing) / (values + missing));
}
