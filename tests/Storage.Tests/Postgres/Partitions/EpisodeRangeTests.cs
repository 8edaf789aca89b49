using SandQueue.Storage.Postgres.Partitions;

namespace SandQueue.Storage.Tests.Postgres.Partitions;

public sealed class EpisodeRangeTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(9_999_999_999, 1)]
    [InlineData(10_000_000_000, 2)]
    [InlineData(10_000_000_001, 2)]
    [InlineData(20_000_000_000, 3)]
    public void An_episode_is_in_one_range(long episode, long number)
    {
        var range = EpisodeRange.Of(episode);

        range.Number.ShouldBe(number);
        episode.ShouldBeInRange(range.From, range.To - 1);
        new EpisodeRange(number + 1).From.ShouldBe(range.To);
    }

    [Fact]
    public void A_range_is_known_by_its_table() => EpisodeRange.Of(new EpisodeRange(37).Table).ShouldBe(new EpisodeRange(37));

    [Theory]
    [InlineData("journal")]
    [InlineData("journal_without_episode")]
    [InlineData("journal_-1")]
    [InlineData("other_1")]
    public void Another_table_is_none(string table) => EpisodeRange.Of(table).ShouldBeNull();
}
