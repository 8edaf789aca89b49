namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>The types of parameters, and the member of <see cref="EpisodeParameters"/> that reads each.</summary>
public enum ParameterType
{
    /// <summary>Read by <see cref="EpisodeParameters.Integer"/>.</summary>
    Integer,

    /// <summary>Read by <see cref="EpisodeParameters.Number"/>.</summary>
    Number,

    /// <summary>Read by <see cref="EpisodeParameters.Text"/>.</summary>
    Text,

    /// <summary>Read by <see cref="EpisodeParameters.Flag"/>.</summary>
    Flag,

    /// <summary>Read by <see cref="EpisodeParameters.Object"/>.</summary>
    Object,
}
