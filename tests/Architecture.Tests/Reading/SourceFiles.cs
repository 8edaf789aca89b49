using SandQueue.Testing;

namespace SandQueue.Architecture.Tests.Reading;

/// <summary>The C# files of the repository that somebody wrote.</summary>
internal static class SourceFiles
{
    /// <summary>The files in top-level folders. What a build put there does not count.</summary>
    public static IEnumerable<SourceFile> Of(params string[] folders) =>
        from folder in folders
        from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Repository.Root, path).Replace(Path.DirectorySeparatorChar, '/')
        where !relative.Split('/').Any(part => part is "bin" or "obj")
        orderby relative
        select new SourceFile(relative, File.ReadAllText(path));
}
