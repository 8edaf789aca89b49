using SandQueue.Telemetry.Measures;

namespace SandQueue.Telemetry.Tests.Measures;

/// <summary>What is measured of the journal, instances, containers and batches.</summary>
public sealed class OtherMeasuresTests
{
    [Fact]
    public void A_commit_has_its_duration_and_its_rows()
    {
        using var durations = new Collected<double>("sandqueue.journal.commit.duration");
        using var sizes = new Collected<long>("sandqueue.journal.commit.size");
        JournalMeasures.Committed(17, TimeSpan.FromMilliseconds(3), isCommitted: true);
        JournalMeasures.Committed(1, TimeSpan.FromSeconds(10), isCommitted: false);
        durations.All.Select(one => (one.Value, one.Tags["end"])).ShouldBe([(0.003, "committed"), (10d, "failed")]);
        sizes.All.Select(one => one.Value).ShouldBe([17, 1]);
    }

    [Fact]
    public void An_episode_ends_by_reason_and_cause()
    {
        using var ended = new Collected<long>("sandqueue.episode.ended", ("environment", "ended"));
        InstanceMeasures.EpisodeEnded("ended", "max_steps", cause: null);
        InstanceMeasures.EpisodeEnded("ended", "lost", "infrastructure");
        ended.All.Select(one => (one.Tags["end_reason"], one.Tags["cause"])).ShouldBe([("max_steps", "none"), ("lost", "infrastructure")]);
    }

    [Fact]
    public void Reasons_that_environments_make_up_are_one_label()
    {
        using var ended = new Collected<long>("sandqueue.episode.ended", ("environment", "made up"));
        for (var number = 0; number < 100; number++) InstanceMeasures.EpisodeEnded("made up", $"the user gave up after {number} words", cause: null);
        ended.All.Select(one => one.Tags["end_reason"]).Distinct().ShouldBe(["other"]);
    }

    [Fact]
    public void A_rebuild_has_its_duration_by_outcome()
    {
        using var recoveries = new Collected<double>("sandqueue.recovery.duration", ("environment", "rebuilt"));
        InstanceMeasures.Recovered("rebuilt", "proven", TimeSpan.FromSeconds(2));
        (recoveries.Only.Value, recoveries.Only.Tags["outcome"]).ShouldBe((2d, "proven"));
    }

    [Fact]
    public void A_takeover_is_counted()
    {
        using var takeovers = new Collected<long>("sandqueue.lease.takeover", ("environment", "taken"));
        InstanceMeasures.TakenOver("taken");
        takeovers.Only.Value.ShouldBe(1);
    }

    [Fact]
    public void A_start_has_its_duration_and_says_whether_it_succeeded()
    {
        using var starts = new Collected<double>("sandqueue.container.start.duration", ("environment", "started"));
        ContainerMeasures.Started("started", isReady: true, TimeSpan.FromSeconds(0.5));
        ContainerMeasures.Started("started", isReady: false, TimeSpan.FromSeconds(30));
        starts.All.Select(one => (one.Value, one.Tags["end"])).ShouldBe([(0.5, "ready"), (30d, "failed")]);
    }

    [Fact]
    public void A_rollout_of_a_batch_is_counted_by_its_end()
    {
        using var items = new Collected<long>("sandqueue.batch.item", ("end", "tested"));
        BatchMeasures.Ended("tested");
        items.Only.Value.ShouldBe(1);
    }
}
