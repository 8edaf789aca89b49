using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.Serving;

/// <summary>The environments this program can serve. To add one, add a line here.</summary>
internal static class BuiltInEnvironments
{
    private static readonly Dictionary<string, Func<IEnvironment>> Factories = new(StringComparer.Ordinal)
    {
    };

    public static IReadOnlyCollection<string> Names => Factories.Keys;

    public static IReadOnlyDictionary<string, IEnvironment> Load(IReadOnlyList<string> names) =>
        (names.Count > 0 ? names : [.. Names.Where(name => !name.StartsWith("faulty", StringComparison.Ordinal))])
        .Distinct(StringComparer.Ordinal)
        .ToDictionary(name => name, name => Factories[name](), StringComparer.Ordinal);
}
