using SandQueue.Architecture.Tests.Reading;

namespace SandQueue.Architecture.Tests.Folders;

/// <summary>The tables in <see cref="AllowedArrows"/> hold for the folders inside of each project.</summary>
public sealed class FolderArrowTests
{
    public static TheoryData<string> Projects => [.. CompiledProjects.Names];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_uses_only_what_its_row_allows(string project) => ArrowsOf(project).Refused(FolderUses.Inside(project)).ShouldBeNone();

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_a_row(string project) => ArrowsOf(project).WithoutRow(FoldersOf(project)).ShouldBeNone();

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_row_has_a_folder(string project) => ArrowsOf(project).WithoutFolder(FoldersOf(project)).ShouldBeNone();

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_row_names_only_rows_above_it(string project) => ArrowsOf(project).NotAbove().ShouldBeNone();

    private static FolderArrows ArrowsOf(string project) => new(project, AllowedArrows.Folders[project]);

    private static HashSet<string> FoldersOf(string project) =>
        [.. SourceFiles.Of("src").Select(file => file.Folder).Where(folder => FolderUse.ProjectOf(folder) == project)];
}
