namespace SandQueue.Rollouts.Validation;

/// <summary>The names of what is checked.</summary>
public static class ValidationChecks
{
    /// <summary>The episodes could be played at all.</summary>
    public const string Played = "played";

    /// <summary>The solution reaches the maximum, and says which.</summary>
    public const string Gold = "gold";

    /// <summary>No step at all scores less than the solution.</summary>
    public const string Nothing = "nothing";

    /// <summary>Random actions score less than the solution. Only noted.</summary>
    public const string Noise = "noise";

    /// <summary>The solution played again gives the same opening, observations, rewards and score, byte for byte.</summary>
    public const string Repeat = "repeat";
}
