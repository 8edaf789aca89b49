using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SandQueue.Contracts;
using SandQueue.Routing;
using SandQueue.Storage;
using SandQueue.Transport;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Doors;

/// <summary>What a new door costs: a class of some forty lines, on the same core, worker and environment server as every other.</summary>
public sealed class TypedDoorTests : IAsyncLifetime
{
    private readonly WorkerStore _store = new();
    private IHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddStorage(_store.Options);
        builder.Services.AddTransport(new TransportOptions());
        builder.Services.AddCommandRouter();
        builder.Services.AddWorker(new ConfigurationBuilder().AddInMemoryCollection([new("Worker:Environments:frozenlake:Enabled", "true")]).Build());
        _host = builder.Build();
        await _host.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task An_episode_is_played_through_a_new_door()
    {
        var door = new TypedDoor(_host.Services.GetRequiredService<ICommandRouter>(), "team");
        var created = await door.CreateAsync("frozenlake", "4x4-1000000", "lake", Cancel);
        created.GetProperty("state").GetArrayLength().ShouldBe(2);

        string[] moves = ["down", "right", "right", "right", "down", "down"];
        var rewards = new List<double>();
        foreach (var move in moves) rewards.Add((await door.StepAsync("lake", $"<action>{move}</action>", Cancel)).GetProperty("reward").GetDouble());

        rewards.ShouldBe([0, 0, 0, 0, 0, 1]);
        (await door.EvaluateAsync("lake", Cancel)).GetDouble().ShouldBe(1);
        (await Should.ThrowAsync<TypedDoorException>(() => door.StepAsync("lake", "<action>up</action>", Cancel))).Reason.ShouldBe(CommandReason.EpisodeOver);
        (await door.ReleaseAsync("lake", Cancel)).GetBoolean().ShouldBeTrue();
        (await Should.ThrowAsync<TypedDoorException>(() => door.EvaluateAsync("lake", Cancel))).Reason.ShouldBe(CommandReason.Released);
    }

    [Fact]
    public async Task Another_tenant_does_not_see_the_instance()
    {
        var router = _host.Services.GetRequiredService<ICommandRouter>();
        await new TypedDoor(router, "team").CreateAsync("frozenlake", "4x4-1000000", "lake", Cancel);

        var refused = await Should.ThrowAsync<TypedDoorException>(() => new TypedDoor(router, "others").StepAsync("lake", "up", Cancel));

        refused.Reason.ShouldBe(CommandReason.UnknownInstance);
    }
}
