using System.Text.Json;

namespace SandQueue.Environments.Episodes;

/// <summary>
/// A dataset with tools and a scorer. One object serves every instance of a server: it is immutable after it was
/// loaded, and all its members may be called from any thread.
/// </summary>
internal interface IEnvironment
{
    EnvironmentDescription Description { get; }

    /// <summary>The names <see cref="ListTasks"/> knows, the most used first.</summary>
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

/// <summary>
/// One live copy of a task. The server calls its members strictly one at a time, so an instance needs no locks; what
/// it shares with others belongs to the environment and is never written.
/// </summary>
internal interface IInstance : IDisposable
{
    /// <summary>The first two messages and the tools. Asked once, right after the instance was made.</summary>
    Opening Opening { get; }

    /// <summary>Takes one step. What the agent does wrong is an observation, never an exception.</summary>
    /// <exception cref="InvalidRequestException">The action is not of the environment's form at all.</exception>
    StepResult Step(AgentAction action, CancellationToken cancel);

    /// <summary>Scores the episode so far. Gives the same answer every time, and changes nothing.</summary>
    /// <param name="parameters">What the caller sent as <c>params</c>.</param>
    Evaluation Evaluate(JsonElement parameters);

    /// <summary>What <c>get_info</c> answers: the tools as they are offered now, or the rules, as text.</summary>
    string Describe();
}
