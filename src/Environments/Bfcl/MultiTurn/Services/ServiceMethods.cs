using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services;

/// <summary>The methods of one service class by name, each with its signature as Python writes it.</summary>
internal sealed class ServiceMethods
{
    private readonly Dictionary<string, Method> _methods = new(StringComparer.Ordinal);

    private ServiceMethods(string className) => ClassName = className;

    /// <summary>The class's name in the data and in messages.</summary>
    public string ClassName { get; }

    public IEnumerable<string> Names => _methods.Keys;

    /// <param name="className">The class's name.</param>
    /// <param name="methods">Signature (<c>ls(a=False)</c>) to what it does with the arguments, one for each parameter.</param>
    /// <param name="long">Those that may take seconds, and look at the cancellation meanwhile.</param>
    public static ServiceMethods Of<TService>(
        string className, Dictionary<string, Func<TService, PyValue[], PyValue>> methods, Dictionary<string, Func<TService, PyValue[], CancellationToken, PyValue>>? @long = null)
        where TService : Service
    {
        var table = new ServiceMethods(className);
        foreach (var (written, body) in methods) table.Add(written, (service, arguments, _) => body((TService)service, arguments));
        foreach (var (written, body) in @long ?? []) table.Add(written, (service, arguments, cancel) => body((TService)service, arguments, cancel));
        return table;
    }

    public bool Has(string name) => _methods.ContainsKey(name);

    /// <summary>The names of a method's parameters in order.</summary>
    public IReadOnlyList<string> ParametersOf(string name) => _methods[name].Signature.Parameters;

    /// <summary>Calls a method of the service as Python would.</summary>
    /// <exception cref="PyError">The arguments do not fit, or the method raised.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PyValue Call(Service service, PyCall call, CancellationToken cancellationToken)
    {
        var method = _methods[call.Name];
        return method.Body(service, method.Signature.Bind(ClassName, call), cancellationToken);
    }

    private void Add(string written, Func<Service, PyValue[], CancellationToken, PyValue> body)
    {
        var signature = Signature.Parse(written);
        _methods.Add(signature.Name, new Method(signature, body));
    }

    private sealed record Method(Signature Signature, Func<Service, PyValue[], CancellationToken, PyValue> Body);
}
