using CsCheck;
using SandQueue.Bench.Scaler;

namespace SandQueue.Bench.Tests.Scaler;

public sealed class SimulatedFarmTests
{
    [Fact]
    public void A_create_waits_for_a_slot_in_the_order_it_came()
    {
        var farm = new SimulatedFarm(slotsPerWorker: 1, startSeconds: 5);
        farm.Scale(-5, 1);
        farm.Pass(0, [10, 3]);
        (farm.Live, farm.Waiting, farm.Occupancy).ShouldBe((1, 1, 1.0));
        farm.Scale(1, 2);
        farm.Pass(5, []);
        farm.Waiting.ShouldBe(1);
        farm.Pass(6, []);
        (farm.Live, farm.Waiting).ShouldBe((2, 0));
        farm.Waits.ShouldBe([0, 6]);
    }

    [Fact]
    public void Nothing_is_lost_however_workers_come_and_go() => Gen.Select(Gen.Int[0, 5].Array[1, 200], Gen.Int[0, 4].Array[1, 200]).Sample((begun, workers) =>
    {
        var farm = new SimulatedFarm(slotsPerWorker: 3, startSeconds: 2);
        for (var second = 0; second < begun.Length; second++)
        {
            farm.Scale(second, workers[second % workers.Length]);
            farm.Pass(second, Enumerable.Repeat(7, begun[second]));
        }

        (farm.Ended + farm.Live + farm.Waiting).ShouldBe(begun.Sum());
    });
}
