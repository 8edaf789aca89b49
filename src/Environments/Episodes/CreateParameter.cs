namespace SandQueue.Environments.Episodes;

/// <summary>A member of <c>params</c> that Create takes. What an environment does not declare is refused.</summary>
/// <param name="Name">Its name in <c>params</c>.</param>
/// <param name="Type">What its value must be.</param>
internal sealed record CreateParameter(string Name, ParameterType Type);

/// <summary>The types of parameters, and the member of <see cref="EpisodeParameters"/> that reads each.</summary>
internal enum ParameterType
{
    /// <summary>Read by <see cref="EpisodeParameters.Integer"/>.</summary>
    Integer,

    /// <summary>Read by <see cref="EpisodeParameters.Number"/>.</summary>
    Number,

    /// <summary>Read by <see cref="EpisodeParameters.Text"/>.</summary>
    Text,

    /// <summary>Read by <see cref="EpisodeParameters.Flag"/>.</summary>
    Flag,
}
