using SandQueue.Workers.Recovery.State;

namespace SandQueue.Workers.Tests.Recovery.State;

public sealed class CheckpointPaceTests
{
    private readonly CheckpointPace _pace = new();

    [Fact]
    public void So_many_steps_lie_between_two()
    {
        Due(10).ShouldBe([10]);
        _pace.Saved(10);
        Due(25).ShouldBe([20, 21, 22, 23, 24, 25]);
        _pace.Saved(22);
        Due(32).ShouldBe([32]);
    }

    [Fact]
    public void What_cannot_be_saved_is_tried_with_backoff_until_it_can()
    {
        List<int> tried = [];
        for (var step = 1; step <= 1000; step++)
        {
            if (!_pace.IsDue(step, 10)) continue;
            tried.Add(step);
            _pace.Refused(step);
        }

        tried.ShouldBe([10, 30, 70, 150, 310, 470, 630, 790, 950]);
        _pace.Saved(1000);
        _pace.IsDue(1010, 10).ShouldBeTrue();
    }

    [Fact]
    public void What_did_not_survive_it_is_not_tried_again()
    {
        _pace.Failed();
        _pace.IsDue(1_000_000, 1).ShouldBeFalse();
    }

    private IEnumerable<int> Due(int last) => Enumerable.Range(1, last).Where(step => _pace.IsDue(step, 10));
}
