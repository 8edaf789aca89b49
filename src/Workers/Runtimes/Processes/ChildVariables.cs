using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>A child's environment variables. Of the worker's it inherits none that holds a key, a password or an address of the farm.</summary>
internal static class ChildVariables
{
    /// <summary>Ours, and those of the libraries and services that a worker uses: its API keys, its database, its broker, its engine, its telemetry.</summary>
    private static readonly string[] Prefixes = ["SANDQUEUE_", "POSTGRES", "PG", "RABBITMQ_", "DOCKER_", "OTEL_", "ASPNETCORE_"];

    /// <param name="variables">A child's, as it would inherit them.</param>
    /// <param name="environment">The <c>env_type</c> it serves, whose data folder it may know.</param>
    public static void RemoveSecrets(IDictionary<string, string?> variables, string environment)
    {
        foreach (var name in variables.Keys.ToList())
        {
            if (name != DataOf(environment) && Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))) variables.Remove(name);
        }
    }

    /// <summary>The data folder of the settings, unless the worker's own variable names one, and the variables of the settings.</summary>
    public static void AddData(Dictionary<string, string> variables, string environment, EnvironmentOptions options)
    {
        var data = DataOf(environment);
        if (options.Data is { Length: > 0 } folder && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(data))) variables[data] = Path.GetFullPath(folder);
        foreach (var (name, value) in options.Variables) variables[name] = value;
    }

    private static string DataOf(string environment) => $"SANDQUEUE_{environment.ToUpperInvariant()}_DATA";
}
