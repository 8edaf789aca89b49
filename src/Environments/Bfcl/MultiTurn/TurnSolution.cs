using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Bfcl.MultiTurn.Scoring;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>The calls of a task's ground truth as an agent makes them: with named arguments in JSON, where the data has Python.</summary>
internal static class TurnSolution
{
    /// <summary>The calls of every turn, as the data writes them.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Turns(MultiTurnTask task)
    {
        using var answer = task.Source.ParseAnswer();
        return [.. answer.RootElement.GetProperty("ground_truth").EnumerateArray().Select(turn => (IReadOnlyList<string>)[.. turn.EnumerateArray().Select(call => call.Text())])];
    }

    /// <summary>What is left of a turn in which the agent has called something already: the fewest of the last calls after which it passes; null where none do.</summary>
    /// <param name="calls">The turn's calls.</param>
    /// <param name="check">The check so far.</param>
    /// <param name="services">The services so far.</param>
    /// <param name="cancellationToken">Looked at for every try.</param>
    public static IReadOnlyList<string>? Left(IReadOnlyList<string> calls, TurnByTurnCheck check, ServiceSet services, CancellationToken cancellationToken)
    {
        for (var done = calls.Count; done >= 0; done--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (tried, after) = (check.Fork(), services.Fork());
            foreach (var call in calls.Skip(done)) tried.Record(after.Execute(call));
            tried.EndTurn(called: true, after);
            if (tried.Failure is null) return [.. calls.Skip(done)];
        }

        return null;
    }

    /// <summary>A call as an agent makes it; one that cannot be read goes with no arguments, and fails as it does in the data.</summary>
    public static (string Name, string Arguments) Call(string text, ServiceSet services)
    {
        try
        {
            var call = PyCall.Parse(text);
            var parameters = services.ParametersOf(call.Name);
            var positional = call.Positional.Select((value, place) => KeyValuePair.Create((PyValue)(place < parameters.Count ? parameters[place] : $"argument_{place}"), value));
            var named = call.Named.Select(argument => KeyValuePair.Create((PyValue)argument.Key, argument.Value));
            return (call.Name, PyJson.TryWrite(new PyDict(positional.Concat(named)), asciiOnly: false) ?? "{}");
        }
        catch (PyError)
        {
            return (text.Split('(')[0], "{}");
        }
    }
}
