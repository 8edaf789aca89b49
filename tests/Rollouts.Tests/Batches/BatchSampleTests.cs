using SandQueue.Rollouts.Batches;

namespace SandQueue.Rollouts.Tests.Batches;

public sealed class BatchSampleTests
{
    private static readonly List<string> Tasks = [.. Enumerable.Range(0, 1000).Select(number => $"task-{number}")];

    [Fact]
    public void The_same_seed_takes_the_same_tasks_in_the_order_of_the_data()
    {
        var sample = BatchSample.Take(Tasks, 20, seed: 7);
        sample.Count.ShouldBe(20);
        sample.ShouldBe(BatchSample.Take(Tasks, 20, seed: 7));
        sample.ShouldBe(Tasks.Where(sample.Contains));
        sample.ShouldNotBe(BatchSample.Take(Tasks, 20, seed: 8));
        BatchSample.Take(Tasks, 5000, seed: 7).ShouldBe(Tasks);
    }

    [Fact]
    public void A_larger_sample_of_the_same_seed_has_all_of_the_smaller_one() =>
        BatchSample.Take(Tasks, 20, seed: 7).ShouldBeSubsetOf(BatchSample.Take(Tasks, 40, seed: 7));
}
