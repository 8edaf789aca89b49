using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SandQueue.Hosting.Farm;
using SandQueue.Hosting.Startup;

namespace SandQueue.Hosting.Tests.Farm;

public sealed class FarmStartTests
{
    private const string InTime = "the broker did not open this program's queues in time: ";

    public static TheoryData<string, Exception> Failures => new()
    {
        { "access refused;", new ConnectionException("ReceiveTransport faulted: guest@127.0.0.1", new InvalidOperationException("access refused.")) },
        { "it said nothing;", new OperationCanceledException() },
        { "it said nothing;", new TimeoutException() },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task What_the_broker_said_is_the_one_line_of_a_program_that_cannot_start(string said, Exception failure)
    {
        using var program = Program((_, _) => throw failure);
        (await Should.ThrowAsync<StartupException>(() => FarmStart.StartAsync(program))).Message.ShouldStartWith(InTime + said);
    }

    [Fact]
    public async Task A_program_that_is_asked_to_end_before_it_is_up_was_interrupted()
    {
        using var program = Program((lifetime, cancellationToken) =>
        {
            lifetime.StopApplication();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        });
        await Should.ThrowAsync<OperationCanceledException>(() => FarmStart.StartAsync(program));
    }

    [Fact]
    public async Task Whatever_the_broker_said_last_to_a_program_that_is_asked_to_end_it_was_interrupted()
    {
        using var program = Program((lifetime, _) =>
        {
            lifetime.StopApplication();
            throw new ConnectionException("access refused");
        });
        (await Record.ExceptionAsync(() => FarmStart.StartAsync(program))).ShouldBeOfType<OperationCanceledException>().InnerException.ShouldBeOfType<ConnectionException>();
    }

    [Fact]
    public async Task What_does_not_stop_either_does_not_hide_why_the_program_did_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IHostedService>(new Started(new TimeoutException("it does not close")));
        builder.Services.AddHostedService(provider => new Starting(provider.GetRequiredService<IHostApplicationLifetime>(), (_, _) => throw new StartupException("the reason")));
        using var program = builder.Build();
        (await Should.ThrowAsync<StartupException>(() => FarmStart.StartAsync(program))).Message.ShouldBe("the reason");
    }

    [Fact]
    public async Task A_program_whose_parts_cannot_be_made_says_why()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IHostedService>(_ => throw new StartupException("the setting is wrong"));
        using var program = builder.Build();
        (await Should.ThrowAsync<StartupException>(() => FarmStart.StartAsync(program))).Message.ShouldBe("the setting is wrong");
    }

    [Fact]
    public async Task What_the_broker_has_no_part_in_stays_what_it_is()
    {
        using var program = Program((_, _) => throw new InvalidOperationException("a fault of ours"));
        (await Should.ThrowAsync<InvalidOperationException>(() => FarmStart.StartAsync(program))).Message.ShouldBe("a fault of ours");
    }

    [Fact]
    public async Task What_had_started_is_stopped_where_a_later_part_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var earlier = new Started();
        builder.Services.AddSingleton<IHostedService>(earlier);
        builder.Services.AddHostedService(provider => new Starting(provider.GetRequiredService<IHostApplicationLifetime>(), (_, _) => throw new TimeoutException()));
        using var program = builder.Build();

        await Should.ThrowAsync<StartupException>(() => FarmStart.StartAsync(program));
        earlier.WasStopped.ShouldBeTrue();
    }

    private static IHost Program(Func<IHostApplicationLifetime, CancellationToken, Task> start)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService(provider => new Starting(provider.GetRequiredService<IHostApplicationLifetime>(), start));
        return builder.Build();
    }

    private sealed class Starting(IHostApplicationLifetime lifetime, Func<IHostApplicationLifetime, CancellationToken, Task> start) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => start(lifetime, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Started(Exception? failure = null) : IHostedService
    {
        public bool WasStopped { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            WasStopped = true;
            return failure is null ? Task.CompletedTask : Task.FromException(failure);
        }
    }
}
