using SandQueue.Environments.FrozenLake;

namespace SandQueue.Environments.Tests.FrozenLake;

public sealed class LakeTests
{
    [Theory]
    [InlineData(0, "Left", 0)]
    [InlineData(0, "Up", 0)]
    [InlineData(0, "Right", 1)]
    [InlineData(0, "Down", 3)]
    [InlineData(4, "Left", 3)]
    [InlineData(4, "Up", 1)]
    [InlineData(5, "Right", 5)]
    [InlineData(3, "Left", 3)]
    [InlineData(7, "Down", 7)]
    public void A_step_stays_on_the_lake(int cell, string direction, int next)
    {
        new Lake(3, new bool[9]).Neighbour(cell, Enum.Parse<Direction>(direction)).ShouldBe(next);
    }

    [Fact]
    public void The_map_shows_agent_ice_holes_and_goal()
    {
        new Lake(2, [false, true, false, false]).Draw(0).ShouldBe("A H\n. G");
        new Lake(2, [false, true, false, false]).Draw(3).ShouldBe(". H\n. A");
        new Lake(2, [false, true, false, false]).Draw(null).ShouldBe(". H\n. G");
    }

    [Fact]
    public void A_walled_goal_has_no_way()
    {
        new Lake(2, [false, true, true, false]).ShortestWay().ShouldBeNull();
        new Lake(2, [false, true, false, false]).ShortestWay().ShouldBe(2);
    }
}
