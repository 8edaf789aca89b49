using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using SandQueue.Hosting.Startup;

namespace SandQueue.Hosting.Settings;

/// <summary>
/// Refuses settings that nobody reads and values of the wrong form. A slip of the pen would otherwise be passed over in silence, and the
/// default taken.
/// </summary>
/// <param name="sections">The program's sections and the types of options that read them.</param>
/// <param name="variables">Variables that name no section, without <see cref="Prefix"/>.</param>
public sealed class SettingsCheck(IReadOnlyDictionary<string, Type> sections, IReadOnlyCollection<string> variables)
{
    /// <summary>Environment variables that begin so are ours.</summary>
    public const string Prefix = "SANDQUEUE_";

    /// <summary>What runs of the tests are told with.</summary>
    private const string OfTests = "TEST_";

    private const string Environments = "Worker:Environments";

    /// <summary>Names of the first level in settings files that are not ours.</summary>
    private static readonly string[] Foreign = ["Logging", "AllowedHosts"];

    /// <summary>The settings of an environment that say what its server is.</summary>
    private static readonly string[] Runs = ["Image", "Command", "Address", "Assembly"];

    /// <summary>What the compose file reads, what environment servers are given, and what tells the command line where its gateway is.</summary>
    private static readonly string[] OfOthers = ["ADDRESS", "FARM", "FARM_ADDRESS", "WORKERS", "WORKER_MEMORY", "GATEWAY_MEMORY", "RABBITMQ_MEMORY", "POSTGRES_MEMORY", "SOCKET", "ENVIRONMENT", "SECRET_KEY", "SWARM_PORT", "REGISTRY", "URL", "KEY", "KEY_FILE"];

    /// <param name="configuration">All settings, from wherever they come.</param>
    /// <param name="names">The names of all environment variables.</param>
    /// <exception cref="StartupException">Names every setting that is wrong, and what was meant or is known.</exception>
    public void Require(IConfigurationRoot configuration, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(names);
        var known = KnownEnvironments(configuration);
        var problems = names.Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Select(name => VariableProblem(name, known))
            .Concat(FileProblems(configuration))
            .Concat(sections.SelectMany(section => ValueProblems(configuration.GetSection(section.Key), section.Value)))
            .OfType<string>()
            .Distinct()
            .ToList();
        if (problems.Count > 0) throw new StartupException(string.Join("; ", problems));
    }

    private string? VariableProblem(string name, HashSet<string> environments)
    {
        var path = name[Prefix.Length..].Split("__");
        if (path.Length == 1)
        {
            List<string> known = [.. variables, .. environments.Select(environment => $"{environment.ToUpperInvariant()}_DATA"), .. OfOthers];
            return known.Contains(path[0], StringComparer.OrdinalIgnoreCase) || path[0].StartsWith(OfTests, StringComparison.Ordinal)
                ? null
                : $"{name} is no setting; {NearName.Hint(path[0], known, near => Prefix + near)}";
        }

        if (sections.TryGetValue(path[0], out var type) || Foreign.Contains(path[0], StringComparer.OrdinalIgnoreCase))
        {
            return type is null ? null : PathProblem(name, path, type, environments);
        }

        return $"{name} is no setting; {NearName.Hint(path[0], [.. sections.Keys], near => $"{Prefix}{near}__…")}";
    }

    private static string? PathProblem(string name, string[] path, Type type, HashSet<string> environments)
    {
        for (var level = 1; level < path.Length; level++)
        {
            if (SettingsShape.Below(type, path[level]) is not { } below)
            {
                var before = string.Join("__", path[..level]);
                return $"{name} is no setting; {NearName.Hint(path[level], SettingsShape.Names(type), near => $"{Prefix}{before}__{near}")}";
            }

            var isEnvironment = level == 2 && string.Join(':', path[..level]).Equals(Environments, StringComparison.OrdinalIgnoreCase);
            if (isEnvironment && !environments.Contains(path[level]))
            {
                return $"{name} is no setting; {NearName.Hint(path[level], environments, near => $"{Prefix}{path[0]}__{path[1]}__{near}__…")}; an environment of your own needs its Image, Command, Address or Assembly, or Enabled=true";
            }

            type = below;
        }

        return null;
    }

    /// <summary>Names in settings files. Variables and switches have been looked at where they were given.</summary>
    private IEnumerable<string?> FileProblems(IConfigurationRoot configuration)
    {
        foreach (var provider in configuration.Providers.OfType<JsonConfigurationProvider>())
        {
            foreach (var name in provider.GetChildKeys([], parentPath: null).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (sections.TryGetValue(name, out var type))
                {
                    foreach (var problem in NameProblems(provider, name, type)) yield return problem;
                }
                else if (!Foreign.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    yield return $"{provider.Source.Path} has {name}, which is no section of settings; {NearName.Hint(name, [.. sections.Keys], near => near)}";
                }
            }
        }
    }

    private static IEnumerable<string> NameProblems(JsonConfigurationProvider provider, string path, Type type)
    {
        foreach (var name in provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (SettingsShape.Below(type, name) is not { } below)
            {
                if (SettingsShape.IsSection(type)) yield return $"{provider.Source.Path} has {path}:{name}, which is no setting; {NearName.Hint(name, SettingsShape.Names(type), near => $"{path}:{near}")}";
                continue;
            }

            foreach (var problem in NameProblems(provider, $"{path}:{name}", below)) yield return problem;
        }
    }

    private static IEnumerable<string> ValueProblems(IConfigurationSection section, Type type)
    {
        if (section.Value is { } value && SettingForm.Wanted(type, value) is { } wanted) yield return $"{section.Path} is '{value}'; {wanted}";
        foreach (var child in section.GetChildren())
        {
            if (SettingsShape.Below(type, child.Key) is not { } below) continue;
            foreach (var problem in ValueProblems(child, below)) yield return problem;
        }
    }

    /// <summary>Environments that a file names, and those that are told what to run: another variable or switch alone makes none.</summary>
    private static HashSet<string> KnownEnvironments(IConfigurationRoot configuration) => configuration.Providers
        .Where(provider => provider is not (EnvironmentVariablesConfigurationProvider or CommandLineConfigurationProvider))
        .SelectMany(provider => provider.GetChildKeys([], Environments))
        .Concat(configuration.GetSection(Environments).GetChildren().Where(IsOwn).Select(environment => environment.Key))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether variables name an environment of the user's own: what its server is, or that the environment server has it.</summary>
    private static bool IsOwn(IConfigurationSection environment) =>
        Runs.Any(name => environment[name] is { Length: > 0 }) || (bool.TryParse(environment["Enabled"], out var enabled) && enabled);
}
