using SandQueue.Contracts;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.RestV1.Answers;

public sealed class TenantActivityTests
{
    private static readonly Dictionary<string, int> Living = new() { ["small"] = 1, ["great"] = 50_000 };

    [Fact]
    public void The_greatest_come_first_and_who_only_steps_is_there_too()
    {
        RecentEnd[] counted = [End("busy", JournalKind.Step), End("busy", JournalKind.Step), End("small", JournalKind.Create), End("small", JournalKind.Step, CommandEnd.Failed)];

        TenantActivity.Of(Living, counted, _ => 7, most: 10).ShouldBe([new("great", 50_000, 7, 0, 0), new("small", 1, 7, 1, 0), new("busy", 0, 7, 0, 2)]);
    }

    [Fact]
    public void No_more_are_listed_than_were_asked_for() => TenantActivity.Of(Living, [], _ => 0, most: 1).Single().Tenant.ShouldBe("great");

    private static RecentEnd End(string tenant, JournalKind kind, CommandEnd end = CommandEnd.Completed) => new(tenant, kind, end, Cause: null, EnvironmentMs: 1, RecordedAt: 1);
}
