using System.Xml.Linq;
using SandQueue.Testing;

namespace SandQueue.Architecture.Tests.Projects;

/// <summary>What the project files of <c>src</c> refer to.</summary>
internal static class ProjectReferences
{
    /// <summary>The projects that are compiled against; not those that are only built beside.</summary>
    public static IEnumerable<string> Projects(string project) =>
        from reference in Load(project).Descendants("ProjectReference")
        where (string?)reference.Attribute("ReferenceOutputAssembly") != "false"
        select Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/'));

    /// <summary>The packages that its assembly needs.</summary>
    public static IEnumerable<string> Packages(string project) => Load(project).Descendants("PackageReference").Select(reference => (string)reference.Attribute("Include")!);

    private static XDocument Load(string project) => XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"));
}
