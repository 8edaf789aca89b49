namespace SandQueue.FaultRuns.Clients;

/// <summary>What came of the Creates of a crowd.</summary>
internal sealed class CrowdCounts
{
    /// <summary>Creates, each counted once.</summary>
    public int Asked;

    /// <summary>Instances that their caller was told of.</summary>
    public int Answered;

    public int HungUp;

    /// <summary>Answers that there is no capacity.</summary>
    public int NoCapacity;

    /// <summary>Any other answer, and connections that were lost.</summary>
    public int Other;

    /// <summary>Instances that could not be released in time.</summary>
    public int NotReleased;
}
