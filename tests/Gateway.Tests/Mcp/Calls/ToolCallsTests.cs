namespace SandQueue.Gateway.Tests.Mcp.Calls;

/// <summary>What the tools say in front of a database that has no tables: whatever is asked of it fails.</summary>
public sealed class ToolCallsTests
{
    [Fact]
    public async Task Without_a_database_the_list_of_tools_is_an_error_and_a_call_a_failure_and_neither_shows_what_it_is_made_of()
    {
        await using var server = new McpServer { HasDatabase = false };
        await server.InitializeAsync();
        await server.BeginAsync();

        var error = (await server.AskAsync("tools/list")).GetProperty("error");
        (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()).ShouldBe((-32603, "the database cannot be reached; try again later"));

        var failed = await server.CallAsync("open_task", """{"env_type":"lake","task_id":"a"}""");
        failed.GetProperty("isError").GetBoolean().ShouldBeTrue();
        var told = failed.GetProperty("structuredContent");
        told.GetProperty("code").GetString().ShouldBe("database_unavailable");
        told.GetProperty("detail").GetString()!.ShouldNotContain("no such table");
        server.Router.Sent.ShouldBeEmpty();
    }
}
