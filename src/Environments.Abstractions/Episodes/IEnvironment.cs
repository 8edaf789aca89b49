namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>
/// A dataset with tools and a scorer. One object serves every instance of a server: it does not change after it was
/// made, and its members may be called from any thread, at the same time.
/// </summary>
/// <remarks>
/// A class of an assembly that settings name needs a constructor without parameters. It runs once, when the server starts. What it
/// throws is the reason why the environment is not served; an <see cref="InvalidDataException"/> is shown as it is, one line for people.
/// </remarks>
public interface IEnvironment
{
    /// <summary>What the environment says of itself; the same every time.</summary>
    EnvironmentDescription Description { get; }

    /// <summary>The names <see cref="ListTasks"/> knows, the most used first; <c>train</c> is among them.</summary>
    IReadOnlyList<string> Splits { get; }

    /// <summary>
    /// The task ids of a split, in the order of the data. A procedural environment lists a sample; every id of the
    /// same form can be created.
    /// </summary>
    /// <exception cref="InvalidRequestException">The split is unknown; the message names the known ones.</exception>
    IReadOnlyList<string> ListTasks(string split);

    /// <summary>Makes a fresh instance. The same task and parameters always make the same instance.</summary>
    /// <param name="taskId">A task id as <see cref="ListTasks"/> writes it.</param>
    /// <param name="parameters">What the caller sent as <c>params</c>.</param>
    /// <exception cref="InvalidRequestException">The task is unknown or a parameter is wrong.</exception>
    IInstance Create(string taskId, EpisodeParameters parameters);
}
