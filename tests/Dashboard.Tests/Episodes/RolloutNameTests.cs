using SandQueue.Dashboard.Episodes;

namespace SandQueue.Dashboard.Tests.Episodes;

public sealed class RolloutNameTests
{
    [Theory]
    [InlineData(1L)]
    [InlineData(9L)]
    [InlineData(10L)]
    [InlineData(long.MaxValue)]
    public void A_name_says_what_it_is_of_whatever_the_episode_s_number(long episode)
    {
        var name = RolloutName.New("fork", episode);
        name.ShouldStartWith($"fork-{episode}-");
        // The longest that the gateway takes.
        name.Length.ShouldBeLessThanOrEqualTo(120);
        RolloutName.New("fork", episode).ShouldNotBe(name);
    }
}
