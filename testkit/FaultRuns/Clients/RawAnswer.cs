namespace SandQueue.FaultRuns.Clients;

/// <summary>What came of a call.</summary>
/// <param name="Status">The HTTP status; 0 where nothing came.</param>
/// <param name="Body">The JSON object of the answer.</param>
internal sealed record RawAnswer(int Status, string Body)
{
    /// <summary>The caller ended the connection before anything came.</summary>
    public static readonly RawAnswer HungUp = new(0, "");

    /// <summary>The connection was refused or lost.</summary>
    public static readonly RawAnswer Broken = new(0, "");

    public bool IsHungUp => ReferenceEquals(this, HungUp);

    /// <summary>Whether it says how the command ended. What says that it is unknown, or that nobody is there yet, does not.</summary>
    public bool IsEnd => Status is > 0 and < 500 || (Status == 503 && Body.Contains("no capacity", StringComparison.Ordinal));
}
