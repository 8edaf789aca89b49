using SandQueue.Contracts;
using SandQueue.Rollouts.Batches;
using SandQueue.Storage.Rollouts;
using SandQueue.Transport.Fakes;
using SandQueue.Transport.Sending;

namespace SandQueue.Rollouts.Tests.Batches;

public sealed class LaneRequestsTests
{
    private readonly FakeMessageSender _sender = new();

    [Fact]
    public async Task Every_batch_gets_a_lane_and_the_first_the_rest()
    {
        var asked = await AskAsync(new LaneNeed(1, 500, 9), new LaneNeed(2, 500, 0), new LaneNeed(3, 1, 0));

        asked.CountBy(batch => batch).ShouldBe([KeyValuePair.Create(1L, 62), KeyValuePair.Create(2L, 1), KeyValuePair.Create(3L, 1)]);
    }

    [Fact]
    public async Task What_the_first_do_not_need_is_for_those_behind()
    {
        var asked = await AskAsync(new LaneNeed(1, 2, 9), new LaneNeed(2, 500, 0), new LaneNeed(3, 3, 0));

        asked.CountBy(batch => batch).ShouldBe([KeyValuePair.Create(1L, 2), KeyValuePair.Create(2L, 61), KeyValuePair.Create(3L, 1)]);
    }

    [Fact]
    public async Task Of_more_batches_than_lanes_the_first_get_one_each()
    {
        var asked = await AskAsync([.. Enumerable.Range(1, 100).Select(batch => new LaneNeed(batch, 50, 0))]);

        asked.ShouldBe(Enumerable.Range(1, 64).Select(batch => (long)batch));
    }

    [Fact]
    public async Task One_that_cannot_be_sent_keeps_no_other_back()
    {
        _sender.Sending = message => ((PlayRollouts)message.Message).Batch == 1 ? throw new MessageNotSentException("the broker is away", new TimeoutException()) : Task.CompletedTask;

        (await AskAsync(new LaneNeed(1, 2, 0), new LaneNeed(2, 2, 0))).ShouldBe([1, 1, 2, 2]);
    }

    private async Task<List<long>> AskAsync(params LaneNeed[] needs)
    {
        await new LaneRequests(_sender).SendAsync(needs, TestContext.Current.CancellationToken);
        var asked = new List<long>();
        while (_sender.HasMore) asked.Add(((PlayRollouts)(await _sender.NextAsync()).Message).Batch);
        return asked;
    }
}
