using System.Text.Json;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services;

/// <summary>
/// The services of a task as one party has left them. A service is forked from the task's starting point by the first
/// call to it; one that was never called costs nothing.
/// </summary>
internal sealed class ServiceSet(IReadOnlyList<Service> start)
{
    private readonly Service?[] _called = new Service?[start.Count];

    /// <summary>The services in the order of the task's <c>involved_classes</c>.</summary>
    public IEnumerable<Service> Services => _called.Select((service, place) => service ?? start[place]);

    /// <summary>Runs one call as text.</summary>
    /// <returns>The result as the official program writes it, errors included.</returns>
    public string Execute(string text) => Execute(() => text, CancellationToken.None);

    /// <summary>Runs one call of an agent.</summary>
    /// <param name="name">The function's name, whatever the agent wrote there.</param>
    /// <param name="arguments">A JSON object.</param>
    /// <param name="cancellationToken">Ends a call that takes long; its service may be anywhere in it then.</param>
    public string Execute(string name, JsonElement arguments, CancellationToken cancellationToken) => Execute(() => CallText.Of(name, arguments), cancellationToken);

    /// <summary>The names of a function's parameters in order; empty where there is no such function.</summary>
    public IReadOnlyList<string> ParametersOf(string name) => start.LastOrDefault(service => service.Methods.Has(name))?.Methods.ParametersOf(name) ?? [];

    /// <summary>A copy to keep while this one goes on.</summary>
    public ServiceSet Fork()
    {
        var fork = new ServiceSet(start);
        for (var place = 0; place < _called.Length; place++) fork._called[place] = _called[place]?.Fork();
        return fork;
    }

    /// <summary>The first class whose state the official check would find different; null where there is none.</summary>
    public string? FirstDifference(ServiceSet other)
    {
        for (var place = 0; place < _called.Length; place++)
        {
            // What neither party has called is as it was.
            var (mine, theirs) = (_called[place] ?? start[place], other._called[place] ?? start[place]);
            if (!ReferenceEquals(mine, theirs) && !mine.HasStateOf(theirs)) return mine.Methods.ClassName;
        }

        return null;
    }

    private string Execute(Func<string> write, CancellationToken cancellationToken)
    {
        try
        {
            return Written(Call(CallText.Checked(write()), cancellationToken));
        }
        catch (PyError error)
        {
            return $"Error during execution: {error.Message}";
        }
    }

    private PyValue Call(string text, CancellationToken cancellationToken)
    {
        var call = PyCall.Parse(text);
        // Where two classes had a method of one name, the later class would have it.
        for (var place = start.Count - 1; place >= 0; place--)
        {
            if (!start[place].Methods.Has(call.Name)) continue;
            if (call.UnknownName is { } unknown) throw unknown;
            var service = _called[place] ??= start[place].Fork();
            return service.Methods.Call(service, call, cancellationToken);
        }

        throw PyLiteralParser.NameError(call.Name);
    }

    private static string Written(PyValue result) => result switch
    {
        PyStr text => text.Text,
        PyDict dict => PyJson.TryWrite(dict) ?? PyRepr.Of(dict),
        _ => PyRepr.Of(result),
    };
}
