using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.Commands;

public sealed class CreateDeliveryTests
{
    private static readonly CreateInstance Create = new() { CommandId = "c", Tenant = "a", RemainingMs = 1_000, InstanceId = "i", EnvType = "bfcl", TaskId = "t", HasNoIdempotencyKey = true };

    [Fact]
    public async Task An_instance_whose_caller_hung_up_when_it_was_made_is_reported()
    {
        using var caller = new CancellationTokenSource();
        var router = new Router { Making = caller.Cancel };
        var written = false;

        await Should.ThrowAsync<OperationCanceledException>(
            () => new CreateDelivery(router).AnswerAsync(new DefaultHttpContext { RequestAborted = caller.Token }, Create, _ => Task.FromResult(written = true)));

        written.ShouldBeFalse();
        router.Undelivered.ShouldBe([Create]);
    }

    [Fact]
    public async Task An_instance_whose_caller_closed_its_connection_unnoticed_is_reported()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var caller = new TcpClient();
        await caller.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using var accepted = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var context = new DefaultHttpContext();
        context.Features.Set<IConnectionSocketFeature>(new Connection(accepted));
        context.IsCallerGone().ShouldBeFalse();
        var router = new Router
        {
            Making = () =>
            {
                caller.Close();
                accepted.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead).ShouldBeTrue();
            },
        };

        await new CreateDelivery(router).AnswerAsync(context, Create, _ => throw new InvalidOperationException("nobody is there"));

        router.Undelivered.ShouldBe([Create]);
    }

    [Fact]
    public async Task An_instance_whose_caller_waits_is_answered()
    {
        var router = new Router();
        CommandOutcome? written = null;

        await new CreateDelivery(router).AnswerAsync(new DefaultHttpContext(), Create, outcome => Task.FromResult(written = outcome));

        written.ShouldBeOfType<CommandOutcome.Unknown>();
        router.Undelivered.ShouldBeEmpty();
    }

    private sealed record Connection(Socket Socket) : IConnectionSocketFeature;

    private sealed class Router : ICommandRouter
    {
        public Action Making { get; init; } = () => { };

        public List<CreateInstance> Undelivered { get; } = [];

        public Task<CommandOutcome> CreateAsync(CreateInstance command, CancellationToken cancellationToken)
        {
            Making();
            return Task.FromResult<CommandOutcome>(new CommandOutcome.Unknown());
        }

        public void ReportUndelivered(CreateInstance command) => Undelivered.Add(command);

        public Task<CommandOutcome> ListTasksAsync(ListTasks command, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CommandOutcome> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
            where TCommand : InstanceCommand => throw new NotSupportedException();

        public Task ReportUndeliveredAsync(StepInstance command) => throw new NotSupportedException();
    }
}
