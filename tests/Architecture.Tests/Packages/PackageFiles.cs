using System.Xml.Linq;
using SandQueue.Testing;

namespace SandQueue.Architecture.Tests.Packages;

/// <summary>What the repository's MSBuild files say of packages.</summary>
internal static class PackageFiles
{
    /// <summary>The packages pinned in <c>Directory.Packages.props</c>, with the label of their group.</summary>
    public static IReadOnlyList<(string Package, string Group)> Pinned { get; } =
    [
        .. from pin in XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
           select ((string)pin.Attribute("Include")!, (string)pin.Parent!.Attribute("Label")!),
    ];

    /// <summary>The packages that some project refers to.</summary>
    public static IReadOnlySet<string> Referenced { get; } = MsBuildFiles()
        .SelectMany(file => XDocument.Load(file).Descendants("PackageReference"))
        .Select(reference => (string?)reference.Attribute("Include"))
        .OfType<string>()
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> MsBuildFiles() =>
        from pattern in (string[])["*.csproj", "*.props", "*.targets"]
        from file in Directory.EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories)
        where !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts" or ".git")
        select file;
}
