using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Instances;

public sealed class InstanceErrorsTests
{
    [Theory]
    [InlineData(InstanceState.Released, CommandReason.Released)]
    [InlineData(InstanceState.Lost, CommandReason.Lost)]
    [InlineData(InstanceState.Diverged, CommandReason.Diverged)]
    [InlineData(InstanceState.Failed, CommandReason.UnknownInstance)]
    public void An_end_has_its_reason(InstanceState state, CommandReason reason)
    {
        var row = Rows.NewInstance("c");
        row.State = state;
        InstanceErrors.Reason(row).ShouldBe(reason);
    }

    [Fact]
    public void An_end_says_why_and_when_in_UTC()
    {
        var row = Rows.NewInstance("c", "mine");
        (row.EndDetail, row.EndedAt) = ("was released by its caller", 1_700_000_000_999);
        InstanceErrors.Ended(row).ShouldBe("instance 'mine' was released by its caller at 2023-11-14T22:13:20Z");
    }
}
