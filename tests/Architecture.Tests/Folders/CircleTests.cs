using SandQueue.Architecture.Tests.Reading;

namespace SandQueue.Architecture.Tests.Folders;

public sealed class CircleTests
{
    public static TheoryData<string> Projects => [.. CompiledProjects.Names];

    /// <summary>Subfolders and a project's root are folders of their own here.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_reaches_itself_over_others(string project) =>
        Circles.In(FolderUses.Inside(project)).Select(round => string.Join(", ", round)).ShouldBeNone();

    [Fact]
    public void A_circle_is_found_with_the_shortest_way_round()
    {
        FolderUse[] uses =
        [
            new("P.A", "P.B", "a uses b"), new("P.B", "P.C", "b uses c"), new("P.C", "P.B.D", "c uses d"), new("P.B.D", "P.A", "d uses a"), new("P.B", "P.A", "b uses a"), new("P", "P.A", "r uses a"),
        ];

        Circles.In(uses).Select(round => string.Join(", ", round)).ShouldBe(
        [
            "P.A -> P.B (a uses b), P.B -> P.A (b uses a)",
            "P.B.D -> P.A (d uses a), P.A -> P.B (a uses b), P.B -> P.C (b uses c), P.C -> P.B.D (c uses d)",
        ],
        ignoreOrder: true);
    }

    [Fact]
    public void Two_ways_to_one_folder_are_no_circle() =>
        Circles.In([new("P", "P.A", ""), new("P", "P.B", ""), new("P.A", "P.C", ""), new("P.B", "P.C", "")]).ShouldBeEmpty();
}
