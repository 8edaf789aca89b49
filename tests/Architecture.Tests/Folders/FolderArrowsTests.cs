namespace SandQueue.Architecture.Tests.Folders;

public sealed class FolderArrowsTests
{
    private static readonly FolderArrows Arrows = new("P", new Table("""
        | folder | may use |
        |---|---|
        | Ground | nothing |
        | Middle | Ground |
        | Middle/Own | nothing |
        | P | all above |
        """));

    [Theory]
    [InlineData("P.Middle", "P.Ground", true)]
    [InlineData("P.Middle", "P.Ground.Below", true)]
    [InlineData("P.Middle.Other", "P.Ground", true)]
    [InlineData("P.Middle.Other", "P.Middle", true)]
    [InlineData("P", "P.Middle.Own", true)]
    [InlineData("P.Middle.Own", "P.Ground", false)]
    [InlineData("P.Ground", "P.Middle", false)]
    [InlineData("P.Ground", "P", false)]
    [InlineData("P.Grounds", "P.Ground", false)]
    [InlineData("P.Middle", "P.Unknown", false)]
    public void A_use_is_allowed_where_a_row_says_so(string from, string to, bool allowed) =>
        Arrows.Refused([new(from, to, "")]).Any().ShouldBe(!allowed);

    [Fact]
    public void Folders_without_a_row_and_rows_without_a_folder_are_named()
    {
        Arrows.WithoutRow(["P", "P.Ground.Below", "P.Grounds"]).ShouldBe(["P.Grounds"]);
        Arrows.WithoutFolder(["P", "P.Ground.Below", "P.Middle.Own"]).ShouldBe(["Middle"]);
    }

    [Fact]
    public void A_row_that_names_one_below_is_named() =>
        new FolderArrows("P", new Table("""
            | folder | may use |
            |---|---|
            | Ground | Roof |
            | Roof | Ground |
            """)).NotAbove().ShouldBe(["Ground may use Roof"]);
}
