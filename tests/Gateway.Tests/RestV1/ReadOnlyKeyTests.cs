using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.RestV1;

/// <summary>A key that may only read.</summary>
public sealed class ReadOnlyKeyTests : IAsyncLifetime
{
    private readonly RestServer _server = new() { Scope = KeyScope.Read };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task It_is_let_in_where_nothing_changes_and_refused_everywhere_else()
    {
        foreach (var (method, path) in RestRoutes.Of(_server))
        {
            var answer = await _server.SendAsync(method, path, "{}");
            if (method == "GET" && path is not ("/v1/workers" or "/v1/latency" or "/v1/containers" or "/v1/keys" or "/v1/tenants")) ((int)answer.Status).ShouldBeOneOf([200, 404], $"{method} {path}");
            else answer.ProblemOf(403, "forbidden");
        }

        _server.Router.Sent.All(command => command is Contracts.ListTasks or Contracts.DescribeInstance).ShouldBeTrue();
    }
}
