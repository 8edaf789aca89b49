using System.Text.Json;

namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>
/// One live copy of a task. The server calls its members strictly one at a time, though not always on the same thread, so an
/// instance needs no locks; what it shares with others belongs to the environment and is never written.
/// </summary>
/// <remarks>
/// An exception other than <see cref="InvalidRequestException"/> is a failure of the environment: the step has no reward, and the instance is
/// made again from its journal. Where an action ends the process or outlasts <c>CallTimeout</c>, it is tried once more on a fresh
/// instance alone in its server; if that happens again, it is a result of the action, with reward 0.
/// </remarks>
public interface IInstance : IDisposable
{
    /// <summary>The first two messages and the tools. Asked once, right after the instance was made.</summary>
    Opening Opening { get; }

    /// <summary>Takes one step. What the agent does wrong is an observation, never an exception.</summary>
    /// <param name="action">The agent's message; <see cref="Messages.AgentMessage.Read"/> says what it means.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more: at <c>CallTimeout</c> at the latest. Long loops look at it.</param>
    /// <exception cref="InvalidRequestException">The action is not of the environment's form at all.</exception>
    StepResult Step(AgentAction action, CancellationToken cancellationToken);

    /// <summary>Scores the episode so far, before the first step too. Gives the same answer every time, and changes nothing.</summary>
    /// <param name="parameters">What the caller sent as <c>params</c>.</param>
    Evaluation Evaluate(JsonElement parameters);

    /// <summary>What <c>get_info</c> answers: the tools as they are offered now, or the rules, as text.</summary>
    string Describe();
}
