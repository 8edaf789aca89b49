using SandQueue.Contracts;
using SandQueue.Rollouts.Results;

namespace SandQueue.Rollouts.Tests.Results;

public sealed class RolloutResultTests
{
    [Theory]
    [InlineData(CommandEnd.Completed, 0.0, true)]
    [InlineData(CommandEnd.Completed, double.NaN, false)]
    [InlineData(CommandEnd.Completed, null, false)]
    [InlineData(CommandEnd.Failed, null, false)]
    [InlineData(CommandEnd.Cancelled, 0.0, false)]
    public void Only_what_was_played_to_its_end_and_has_a_number_is_valid(CommandEnd end, double? reward, bool valid)
    {
        var result = new RolloutResult { End = end, Reward = reward };

        (result.IsValid, result.IsTrainable).ShouldBe((valid, valid));
    }
}
