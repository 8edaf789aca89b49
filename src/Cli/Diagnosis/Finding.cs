namespace SandQueue.Cli.Diagnosis;

/// <summary>What one check of <c>doctor</c> found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="State">ok, warn or fail.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Advice">What to do; null where nothing is to be done.</param>
internal sealed record Finding(string Check, string State, string Detail, string? Advice = null)
{
    public const string Ok = "ok";
    public const string Warn = "warn";
    public const string Fail = "fail";
}
