using System.Text.Json;
using SandQueue.ModelServers;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Results;
using SandQueue.Rollouts.Settings;
using SandQueue.Rollouts.Tests.Play;

namespace SandQueue.Rollouts.Tests.Policies;

/// <summary>What tests of the policy <c>model</c> share.</summary>
internal static class Modelling
{
    public static Task<RolloutResult> PlayAsync(
        FakeFarm farm, ModelServer server, string sampling = "{}", FakeRecord? record = null, bool isStreamed = false, string more = "", string? key = null, CancellationTokenSource? worker = null) =>
        PlayAsync(farm, server.Address, sampling, record, isStreamed, more, key, worker);

    public static async Task<RolloutResult> PlayAsync(
        FakeFarm farm, string address, string sampling = "{}", FakeRecord? record = null, bool isStreamed = false, string more = "", string? key = null, CancellationTokenSource? worker = null, EndpointOptions? options = null)
    {
        options ??= new EndpointOptions { Allow = ["loopback"], LongestRetryAfter = TimeSpan.FromMilliseconds(50) };
        using var http = new EndpointHttp(new EndpointAddresses(options), options);
        var policy = $$"""{"type":"model","base_url":"{{address}}","model":"m","sampling":{{sampling}},"stream":{{(isStreamed ? "true" : "false")}}{{more}}}""";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(worker?.Token ?? CancellationToken.None, TestContext.Current.CancellationToken);
        return await Playing.Player(farm, policies: new PolicyFactory(new ChatEndpoint(http, options, TimeProvider.System), solutions: null))
            .PlayAsync(Playing.Assignment(policy) with { ApiKey = key, Policy = JsonElement.Parse(policy) }, record ?? new FakeRecord(), stop.Token);
    }
}
