using System.Net;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Settings;

namespace SandQueue.Rollouts.Tests.Endpoints;

public sealed class ChatEndpointTests
{
    [Fact]
    public async Task A_connection_that_is_never_made_is_a_failure_and_no_cancellation()
    {
        var options = new EndpointOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) };
        using var http = new EndpointHttp(new EndpointAddresses(options, NeverAsync), options);
        var call = new EndpointCall(new Uri("http://models.test/v1/chat/completions"), "{}"u8.ToArray(), IsStreamed: false, TimeSpan.FromMinutes(1), Retries: 1, ApiKey: null);

        var failure = await Should.ThrowAsync<EndpointException>(new ChatEndpoint(http, options, TimeProvider.System).CompleteAsync(call, TestContext.Current.CancellationToken));

        (failure.Kind, failure.Message).ShouldBe((EndpointFailure.Unusable, "the endpoint http://models.test cannot be reached: no connection was made within 0.05 s (2 attempts)"));
    }

    private static async Task<IPAddress[]> NeverAsync(string host, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return [];
    }
}
