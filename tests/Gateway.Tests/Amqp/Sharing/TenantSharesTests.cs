using SandQueue.Contracts;
using SandQueue.Gateway.Amqp.Sharing;

namespace SandQueue.Gateway.Tests.Amqp.Sharing;

public sealed class TenantSharesTests
{
    private readonly TenantShares _shares = new(most: 5, share: 2);

    [Fact]
    public void A_tenant_runs_no_more_than_its_share_and_others_theirs()
    {
        Enter(Step("anna"), Step("anna"));

        _shares.TryEnter(Step("anna")).ShouldBeNull();
        Enter(Step("berta"), Step("berta"));
    }

    [Fact]
    public void Creates_of_an_environment_count_by_themselves()
    {
        Enter(Create("anna", "full"), Create("anna", "full"));

        _shares.TryEnter(Create("anna", "full")).ShouldBeNull();
        Enter(Create("anna", "free"), Step("anna"));
    }

    [Fact]
    public void All_together_leave_deliveries_for_moving_others_on()
    {
        Enter(Step("a"), Step("a"), Step("b"), Step("b"), Step("c"));

        _shares.TryEnter(Step("d")).ShouldBeNull();
    }

    [Fact]
    public void Who_leaves_makes_room()
    {
        var first = Enter(Step("anna"), Step("anna"))[0];
        first.Dispose();

        Enter(Step("anna"));
    }

    [Fact]
    public void Nobody_overtakes_those_who_wait_until_their_queue_is_empty()
    {
        var first = Enter(Create("anna", "full"), Create("anna", "full"))[0];
        _shares.TryEnter(Create("anna", "full")).ShouldBeNull();
        first.Dispose();

        _shares.TryEnter(Create("anna", "full")).ShouldBeNull();
        Enter(Step("anna"));
        var queue = _shares.Moved.ShouldHaveSingleItem();
        queue.ShouldBe(WaitingQueues.Of(Create("anna", "full")));
        _shares.Emptied(queue);

        _shares.Moved.ShouldBeEmpty();
        Enter(Create("anna", "full"));
    }

    [Fact]
    public async Task Those_who_come_from_a_waiting_queue_have_their_turn_in_order()
    {
        var running = Enter(Step("anna"), Step("anna"));
        using var given = new CancellationTokenSource();
        var (gone, second, third) = (_shares.EnterAsync(Step("anna"), given.Token), EnterAsync(), EnterAsync());
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);

        running[0].Dispose();
        var place = await second;
        third.IsCompleted.ShouldBeFalse();
        _shares.TryEnter(Step("anna")).ShouldBeNull("it would overtake");
        place.Dispose();
        (await third).Dispose();

        running[1].Dispose();
        _shares.Emptied(WaitingQueues.Of(Step("anna")));
        Enter(Step("anna"), Step("anna"));

        Task<IDisposable> EnterAsync() => _shares.EnterAsync(Step("anna"), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Every_share_has_its_queue_among_those_that_are_consumed()
    {
        foreach (var tenant in Enumerable.Range(0, 100))
        {
            WaitingQueues.All.ShouldContain(WaitingQueues.Of(Create($"{tenant}", "e")));
            WaitingQueues.All.ShouldContain(WaitingQueues.Of(Step($"{tenant}")));
        }

        WaitingQueues.Of(Step("local")).ShouldBe("sandqueue.waiting.others.5", "the same at every gateway and at each start");
    }

    private List<IDisposable> Enter(params Command[] commands) => [.. commands.Select(command => _shares.TryEnter(command).ShouldNotBeNull())];

    private static StepInstance Step(string tenant) => new() { CommandId = "c", Tenant = tenant, RemainingMs = 1, InstanceId = "i", Action = [] };

    private static CreateInstance Create(string tenant, string environment) =>
        new() { CommandId = "c", Tenant = tenant, RemainingMs = 1, InstanceId = "i", EnvType = environment, TaskId = "t" };
}
