using MathNet.Numerics.Distributions;

namespace SandQueue.Rollouts.Statistics;

/// <summary>Intervals by Student's t.</summary>
internal static class StudentInterval
{
    private const double UpperTail = 0.975;

    /// <summary>The two-sided 95 % interval around a mean.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="standardError">Its standard error.</param>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    public static Interval Around(double mean, double standardError, int degrees)
    {
        var reach = Critical(degrees) * standardError;
        return new Interval(mean - reach, mean + reach);
    }

    /// <summary>The value that t exceeds with a probability of 2.5 %.</summary>
    public static double Critical(int degrees) => StudentT.InvCDF(location: 0, scale: 1, freedom: degrees, p: UpperTail);
}
