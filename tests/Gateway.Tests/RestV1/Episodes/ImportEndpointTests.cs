using NSubstitute;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.RestV1.Episodes;

public sealed class ImportEndpointTests(RestServer server) : IClassFixture<RestServer>
{
    [Fact]
    public async Task A_tenant_above_its_journal_limit_is_told_when_to_come_back()
    {
        server.Room.FindOverAsync("mine", Arg.Any<CancellationToken>())
            .Returns(new CommandOutcome.Rejected(CommandReason.OverLimit, "this tenant has 101 bytes in the journal") { RetryAfter = TimeSpan.FromSeconds(200) });

        var answer = await server.SendAsync("POST", "/v1/import", "{}");

        answer.ProblemOf(429, "over_limit").ShouldContain("this tenant has 101 bytes in the journal; nothing was stored");
        answer.RetryAfter.ShouldBe("200");
        (await server.SendAsync("POST", "/v1/import", "{}", "key-two")).ProblemOf(400, "invalid_request").ShouldContain("line 1");
    }
}
