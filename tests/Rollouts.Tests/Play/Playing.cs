using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Play;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Results;
using SandQueue.Rollouts.Settings;
using SandQueue.Routing;

namespace SandQueue.Rollouts.Tests.Play;

/// <summary>What tests of the player share.</summary>
internal static class Playing
{
    public const string ThreeActions = """{"type":"recorded","actions":["one","two","three"]}""";

    /// <summary>Those that ask nobody.</summary>
    public static IPolicyFactory Policies { get; } = new PolicyFactory(new ChatEndpoint(new EndpointHttp(new EndpointAddresses(new EndpointOptions()), new EndpointOptions()), new EndpointOptions(), TimeProvider.System), solutions: null);

    public static RolloutAssignment Assignment(string policy = ThreeActions) => new()
    {
        RolloutId = "r7",
        Attempt = 1,
        Tenant = "tenant",
        EnvType = "count",
        TaskId = "t",
        Policy = JsonElement.Parse(policy),
    };

    public static RolloutPlayer Player(ICommandRouter router, TimeProvider? time = null, IPolicyFactory? policies = null, RolloutOptions? options = null) =>
        new(router, policies ?? Policies, options ?? new RolloutOptions(), time ?? TimeProvider.System, NullLogger<RolloutPlayer>.Instance);

    public static Task<RolloutResult> PlayAsync(this ICommandRouter router, string policy = ThreeActions, FakeRecord? record = null, TimeProvider? time = null) =>
        Player(router, time).PlayAsync(Assignment(policy), record ?? new FakeRecord(), TestContext.Current.CancellationToken);
}
