using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

public abstract class EpisodeCheckpointsContract(StoreFixture store)
{
    private readonly EpisodeCheckpoints _checkpoints = store.Get<EpisodeCheckpoints>();
    private readonly EpisodeJournal _journal = store.Get<EpisodeJournal>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_episode_has_its_newest_checkpoint()
    {
        var row = await Rows.ClaimAsync(store);
        (await _checkpoints.FindAsync(row.EpisodeId, Cancel)).ShouldBeNull();

        foreach (var step in (int[])[5, 10, 7]) await SaveAsync(row, step);

        var kept = (await _checkpoints.FindAsync(row.EpisodeId, Cancel)).ShouldNotBeNull();
        (kept.Step, kept.ImageDigest, kept.SavedAt).ShouldBe((10, "sha256:10", 1010));
        kept.State.ShouldBe([0, 10, 255]);
    }

    [Fact]
    public async Task One_that_is_thrown_away_takes_no_newer_along()
    {
        var row = await Rows.ClaimAsync(store);
        var older = await SaveAsync(row, 5);
        var newer = await SaveAsync(row, 10);

        await _checkpoints.RemoveAsync(older, Cancel);
        (await _checkpoints.FindAsync(row.EpisodeId, Cancel)).ShouldNotBeNull();

        await _checkpoints.RemoveAsync(newer, Cancel);
        (await _checkpoints.FindAsync(row.EpisodeId, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Those_of_ended_episodes_go_and_those_of_living_ones_stay()
    {
        var (living, ended) = (await Rows.ClaimAsync(store), await Rows.ClaimAsync(store));
        await SaveAsync(living, 1);
        await SaveAsync(ended, 1);
        await _journal.AppendAsync(Rows.Release(ended, 1), Cancel);

        (await _checkpoints.RemoveEndedAsync(Cancel)).ShouldBeGreaterThanOrEqualTo(1);

        (await _checkpoints.FindAsync(ended.EpisodeId, Cancel)).ShouldBeNull();
        (await _checkpoints.FindAsync(living.EpisodeId, Cancel)).ShouldNotBeNull();
    }

    private async Task<Checkpoint> SaveAsync(Instance row, int step)
    {
        var checkpoint = new Checkpoint { EpisodeId = row.EpisodeId, Step = step, ImageDigest = $"sha256:{step}", State = [0, (byte)step, 255], SavedAt = 1000 + step };
        await _checkpoints.SaveAsync(checkpoint, Cancel);
        return checkpoint;
    }
}
