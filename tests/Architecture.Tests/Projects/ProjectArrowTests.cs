using SandQueue.Architecture.Tests.Reading;

namespace SandQueue.Architecture.Tests.Projects;

/// <summary>The table of projects in <see cref="AllowedArrows"/> holds.</summary>
public sealed class ProjectArrowTests
{
    public static TheoryData<string> Projects => [.. CompiledProjects.Names];

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> Rows => AllowedArrows.Projects.Rows;

    [Fact]
    public void Every_project_has_a_row_and_every_row_a_project() => Rows.Keys.ShouldBe(CompiledProjects.Names, ignoreOrder: true);

    [Fact]
    public void A_row_names_only_rows_above_it()
    {
        var names = Rows.Keys.ToList();
        Rows.SelectMany(row => row.Value.Where(used => names.IndexOf(used) < 0 || names.IndexOf(used) >= names.IndexOf(row.Key)).Select(used => $"{row.Key} may use {used}")).ShouldBeNone();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_uses_only_what_its_row_allows(string project) =>
        CompiledProjects.Named(project).Uses
            .Where(use => use.To.Assembly.StartsWith("SandQueue.", StringComparison.Ordinal))
            .Select(use => (Use: use, Used: CompiledProject.ProjectName(use.To.Assembly)))
            .Where(found => found.Used != project && !Rows[project].Contains(found.Used))
            .Select(found => $"{project} -> {found.Used} ({found.Use.From.Name} uses {found.Use.To.Name})")
            .ShouldBeNone();

    /// <summary>A reference that nothing uses leaves no trace in an assembly.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_refers_only_to_what_its_row_allows(string project) =>
        ProjectReferences.Projects(project).Except(Rows[project]).Select(used => $"{project} -> {used} ({project}.csproj refers to it)").ShouldBeNone();
}
