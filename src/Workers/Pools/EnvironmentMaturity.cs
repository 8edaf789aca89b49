using Microsoft.Extensions.Logging;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>
/// Whether an environment is young, see <see cref="EnvironmentOptions.Young"/>. What a young one does not survive is rather its own
/// mistake than the agent's, and its author has to see it.
/// </summary>
internal sealed partial class EnvironmentMaturity(string environment, EnvironmentOptions options, ILogger log)
{
    private volatile bool _proven;

    public bool IsYoung => options.StartsYoung && (options.Young is not null || !_proven);

    /// <summary>An episode was replayed among others, and no step differed.</summary>
    public void Proved() => _proven = true;

    /// <summary>What is concluded where the environment did not survive an action, twice and alone. Logged with the instance.</summary>
    /// <param name="instance">The instance's name.</param>
    /// <param name="what">What happened, both times.</param>
    /// <param name="printed">What its server printed last.</param>
    /// <returns>The conclusion and why, for the caller; null for an environment that is not young: then it is the agent's doing.</returns>
    public string? Conclude(string instance, string what, string printed)
    {
        var young = IsYoung;
        NotSurvived(young ? LogLevel.Warning : LogLevel.Information, instance, young ? "the young environment" : "environment", environment, what, printed.Length > 0 ? printed : "nothing");
        if (!young) return null;
        var why = options.Young is true ? "its setting Young says so" : "none of its episodes has been replayed yet";
        return $"{what}, twice, the second time alone in its container. '{environment}' is young ({why}), so this is shown as a failure of the environment and not as the agent's doing; "
            + $"set Young to false where agents' actions may do that. It printed last: {(printed.Length > 0 ? printed : "nothing")}";
    }

    [LoggerMessage("instance '{Instance}' of {Kind} '{Environment}': {What}, twice, the second time alone in its container; its server printed last: {Printed}")]
    private partial void NotSurvived(LogLevel level, string instance, string kind, string environment, string what, string printed);
}
