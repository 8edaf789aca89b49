using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;
using SandQueue.Environments.Countdown;
using SandQueue.Environments.Faulty;
using SandQueue.Environments.FrozenLake;
using SandQueue.Environments.WebShop;

namespace SandQueue.Environments.Serving;

/// <summary>The environments this program can serve. To add one, add a line here.</summary>
internal static class BuiltInEnvironments
{
    private static readonly Dictionary<string, Func<IEnvironment>> Factories = new(StringComparer.Ordinal)
    {
        ["bfcl"] = () => BfclEnvironment.Load(DataFolder("bfcl")),
        ["frozenlake"] = () => new FrozenLakeEnvironment(),
        ["countdown"] = () => new CountdownEnvironment(),
        ["webshop"] = () => WebShopEnvironment.Load(DataFolder("webshop")),
        ["faulty"] = () => Faulty("faulty"),
        ["faulty_unreplayable"] = () => Faulty("faulty_unreplayable"),
        ["faulty_evaluate"] = () => Faulty("faulty_evaluate"),
    };

    public static IReadOnlyCollection<string> Names => Factories.Keys;

    public static IReadOnlyDictionary<string, IEnvironment> Load(IReadOnlyList<string> names) =>
        (names.Count > 0 ? names : [.. Names.Where(name => !name.StartsWith("faulty", StringComparison.Ordinal))])
        .Distinct(StringComparer.Ordinal)
        .ToDictionary(name => name, name => Factories[name](), StringComparer.Ordinal);

    /// <summary>The folder a person set for an environment's data, or null.</summary>
    private static string? DataFolder(string name) =>
        Environment.GetEnvironmentVariable($"SANDQUEUE_{name.ToUpperInvariant()}_DATA") is { Length: > 0 } folder ? folder : null;

    private static IEnvironment Faulty(string name) => FaultyEnvironment.All().Single(environment => environment.Description.Name == name);
}
