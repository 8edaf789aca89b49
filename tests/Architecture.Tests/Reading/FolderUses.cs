namespace SandQueue.Architecture.Tests.Reading;

/// <summary>Which folder of <c>src</c> uses which: by the types in the built assemblies, and by the imports in the sources.</summary>
/// <remarks>Imports count because constants, <c>nameof</c> and references in comments leave no trace in an assembly.</remarks>
internal static class FolderUses
{
    private static readonly Lazy<IReadOnlyList<FolderUse>> Read = new(() =>
    {
        var byTypes = ByTypes().Distinct().ToList();
        var known = byTypes.Select(use => (use.From, use.To)).ToHashSet();
        return [.. byTypes.Concat(ByImports().Where(use => !known.Contains((use.From, use.To)))).Where(use => use.From != use.To)];
    });

    public static IReadOnlyList<FolderUse> All => Read.Value;

    /// <summary>The uses inside of one project.</summary>
    public static IEnumerable<FolderUse> Inside(string project) => All.Where(use => use.Project == project && FolderUse.ProjectOf(use.To) == project);

    private static IEnumerable<FolderUse> ByTypes() =>
        from project in CompiledProjects.All
        from use in project.Uses
        where use.To.Assembly.StartsWith("SandQueue.", StringComparison.Ordinal)
        select new FolderUse(Folder(use.From), Folder(use.To), $"{use.From.Name} uses {use.To.Name}");

    private static IEnumerable<FolderUse> ByImports()
    {
        var folders = CompiledProjects.All.SelectMany(project => project.Uses).Select(use => Folder(use.From)).ToHashSet();
        return
            from file in SourceFiles.Of("src")
            from import in file.Imports
            let imported = Imported(import, folders)
            where imported is not null
            select new FolderUse(file.Folder, imported, $"{file.Name} imports it");
    }

    // What is imported may be a type: by a static import, or under another name.
    private static string? Imported(string import, HashSet<string> folders)
    {
        for (var name = import["SandQueue.".Length..]; ; name = name[..name.LastIndexOf('.')])
        {
            if (folders.Contains(name)) return name;
            if (!name.Contains('.', StringComparison.Ordinal)) return null;
        }
    }

    private static string Folder(TypeName type) => (type.Namespace.Length > 0 ? type.Namespace : type.Assembly)["SandQueue.".Length..];
}
