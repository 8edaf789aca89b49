using SandQueue.Hosting.Settings;
using SandQueue.Testing;

namespace SandQueue.Architecture.Tests.Reading;

/// <summary>The projects of <c>src</c>, read once.</summary>
internal static class CompiledProjects
{
    /// <summary>The names of their folders.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    private static readonly Lazy<IReadOnlyList<CompiledProject>> Read =
        new(() => [.. Names.Select(name => CompiledProject.Read(Path.Combine(AppContext.BaseDirectory, $"SandQueue.{name}.dll")))]);

    public static IReadOnlyList<CompiledProject> All => Read.Value;

    public static CompiledProject Named(string name) => All.Single(project => project.Name == name);
}
