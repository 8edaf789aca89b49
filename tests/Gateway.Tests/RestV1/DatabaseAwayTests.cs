namespace SandQueue.Gateway.Tests.RestV1;

/// <summary>The routes in front of a database that has no tables: whatever is asked of it fails.</summary>
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private readonly RestServer _server = new() { HasDatabase = false };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/v1/environments")]
    [InlineData("/v1/instances")]
    [InlineData("/v1/instances/i")]
    [InlineData("/v1/instances/i/episode")]
    [InlineData("/v1/commands/c")]
    [InlineData("/v1/workers")]
    [InlineData("/v1/containers")]
    [InlineData("/v1/keys")]
    [InlineData("/v1/tenants")]
    public async Task A_read_that_cannot_reach_it_says_so_and_when_to_come_back(string path)
    {
        var answer = await _server.SendAsync("GET", path, key: "key-admin");

        answer.ProblemOf(503, "database_unavailable").ShouldContain("the database cannot be reached");
        answer.RetryAfter.ShouldBe("5");
    }

    [Fact]
    public async Task A_step_of_a_vector_that_could_not_be_sent_has_that_end_and_the_others_theirs()
    {
        _server.Router.Answer = command => ((Contracts.InstanceCommand)command).InstanceId == "a"
            ? throw new Microsoft.Data.Sqlite.SqliteException("away", 5)
            : Task.FromResult(RecordingRouter.Completed("1"));

        var answer = await _server.SendAsync("POST", "/v1/steps", """{"steps":[{"instance_id":"a","action":{"content":"x"}},{"instance_id":"b","action":{"content":"x"}}]}""");

        var results = answer.Json.GetProperty("results");
        results[0].GetProperty("problem").GetProperty("code").GetString().ShouldBe("database_unavailable");
        results[0].GetProperty("problem").GetProperty("status").GetInt32().ShouldBe(503);
        results[1].GetProperty("answer").GetInt32().ShouldBe(1);
    }
}
