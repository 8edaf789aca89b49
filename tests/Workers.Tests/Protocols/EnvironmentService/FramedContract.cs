using Microsoft.AspNetCore.Http;
using SandQueue.Frames;
using SandQueue.ProtocolServers;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Protocols.EnvironmentService;

/// <summary>The environment service by frames.</summary>
public sealed class FramedContract : ProtocolContract
{
    private protected override EnvironmentOptions Options { get; } = new() { Replayable = "yes", MaxAnswerMb = 1 };

    /// <summary>A message is the server's to read.</summary>
    protected override bool ReadsMessages => false;

    protected override GameServer NewServer(int capacity = 1) => new FramedServer { Capacity = capacity };

    private protected override async Task<(IEnvironmentProtocol Protocol, ServerContainer Container)> StartAsync()
    {
        var (protocol, container) = await base.StartAsync();
        await protocol.WaitUntilReadyAsync(container, Cancel);
        return (protocol, container);
    }

    [Fact]
    public async Task The_verbs_of_instances_go_by_frames()
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        await StepAsync(instance, "one");
        await instance.EvaluateAsync(default, Utf8("""{"sparse":true}"""), Cancel);
        await instance.DescribeAsync(default, default, Cancel);
        await instance.ReleaseAsync(Cancel);
        ((FramedServer)container.Server).Framed.ShouldBe(5);
    }

    [Fact]
    public async Task A_server_that_says_so_and_takes_none_is_called_over_HTTP()
    {
        var (protocol, container) = await StartAsync(new BoastingServer());
        await protocol.WaitUntilReadyAsync(container, Cancel);

        var instance = await CreateAsync(protocol, container);
        Text((await StepAsync(instance, "one")).Answer).ShouldContain("turn 1 of task 1: one");

        container.Server.Asked.ShouldBe(["/create", "/step one"]);
    }

    [Fact]
    public async Task A_server_that_was_not_asked_yet_is_called_over_HTTP()
    {
        var (protocol, container) = await StartAsync(new FramedServer());
        await StepAsync(await CreateAsync(protocol, container), "one");
        ((FramedServer)container.Server).Framed.ShouldBe(0);
    }

    private sealed class BoastingServer : AgentScopeServer
    {
        protected override Task HandleAsync(HttpContext context)
        {
            context.Response.Headers[FrameListening.Header] = FrameListening.Version;
            return base.HandleAsync(context);
        }
    }
}
