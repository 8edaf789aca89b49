using CsCheck;
using SandQueue.Environments.FrozenLake;

namespace SandQueue.Environments.Tests.FrozenLake;

public sealed class LakeGeneratorTests
{
    private static readonly Gen<FrozenLakeTask> Tasks = Gen.Select(Gen.Int[2, 16], Gen.Bool, Gen.Long[0, 3_100_000])
        .Select((size, slippery, seed) => new FrozenLakeTask(size, slippery, seed));

    /// <summary>A change here is a new version of the environment: recorded episodes no longer replay.</summary>
    [Theory]
    [InlineData("4x4-0", "A.../..H./H.../HH.G")]
    [InlineData("4x4-17", "A.../..../..HH/...G")]
    [InlineData("8x8-2000000", "AH..H.../.H..H.../......../H......./......../..H...H./......../..HH...G")]
    public void A_seed_has_the_same_map_for_ever(string id, string map)
    {
        Draw(FrozenLakeTask.Parse(id)).ShouldBe(map.Split('/'));
    }

    [Fact]
    public void The_goal_of_every_map_can_be_reached()
    {
        Tasks.Sample(
            task =>
            {
                var way = Walker.ShortestWay(Draw(task));
                way.ShouldNotBeNull();
                LakeGenerator.Draw(task).ShortestWay().ShouldBe(way.Count);
            },
            iter: 500);
    }

    [Fact]
    public void Start_and_goal_are_in_their_corners()
    {
        Tasks.Sample(
            task =>
            {
                var map = Draw(task);
                map.Length.ShouldBe(task.Size);
                map.ShouldAllBe(row => row.Length == task.Size);
                map[0][0].ShouldBe('A');
                map[^1][^1].ShouldBe('G');
            },
            iter: 200);
    }

    [Fact]
    public void About_one_cell_of_five_is_a_hole_and_at_least_one()
    {
        var holes = Enumerable.Range(0, 500).Select(seed => string.Concat(Draw(new FrozenLakeTask(8, false, seed))).Count(cell => cell == 'H')).ToList();
        holes.ShouldAllBe(count => count > 0);
        (holes.Average() / 62).ShouldBeInRange(0.16, 0.21);
    }

    [Fact]
    public void A_slippery_lake_has_the_map_of_its_twin()
    {
        Tasks.Sample(task => Draw(task with { Slippery = true }).SequenceEqual(Draw(task with { Slippery = false })), iter: 100);
    }

    [Fact]
    public void No_map_of_one_split_is_in_another()
    {
        var environment = new FrozenLakeEnvironment();
        var maps = environment.Splits.ToDictionary(
            split => split,
            split => environment.ListTasks(split).Select(id => string.Join('/', Draw(FrozenLakeTask.Parse(id)))).ToHashSet());

        maps["train"].Overlaps(maps["val"]).ShouldBeFalse();
        maps["train"].Overlaps(maps["test"]).ShouldBeFalse();
        maps["val"].Overlaps(maps["test"]).ShouldBeFalse();
        maps["train"].Count.ShouldBeGreaterThan(400);
    }

    private static string[] Draw(FrozenLakeTask task) =>
        [.. LakeGenerator.Draw(task).Draw(0).Split('\n').Select(row => row.Replace(" ", "", StringComparison.Ordinal))];
}
