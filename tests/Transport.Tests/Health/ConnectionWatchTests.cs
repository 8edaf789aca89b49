using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Health;

namespace SandQueue.Transport.Tests.Health;

/// <summary>When a process ends because its connection is broken, and when not.</summary>
public sealed class ConnectionWatchTests : IProcessRestart
{
    private readonly FakeTimeProvider _time = new();
    private bool _isBrokerUp = true;
    private int _restarts;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ConnectionWatch Watch => field ??= new ConnectionWatch(
        new SharedBrokerProbe(_ => _isBrokerUp ? Task.CompletedTask : Task.FromException(new IOException("connection refused")), _time), this, _time, NullLogger.Instance);

    void IProcessRestart.Request() => _restarts++;

    [Fact]
    public async Task The_process_ends_once_where_sends_fail_for_long_though_a_new_connection_works()
    {
        await FailForAsync(Deadlines.BrokenConnection - TimeSpan.FromSeconds(1));
        _restarts.ShouldBe(0);

        await FailForAsync(TimeSpan.FromSeconds(5));

        _restarts.ShouldBe(1);
    }

    [Fact]
    public async Task It_goes_on_while_the_broker_is_away()
    {
        _isBrokerUp = false;
        await FailForAsync(10 * Deadlines.BrokenConnection);
        _restarts.ShouldBe(0);
    }

    [Fact]
    public async Task The_time_counts_from_when_the_broker_was_back()
    {
        _isBrokerUp = false;
        await FailForAsync(Deadlines.BrokenConnection);
        _isBrokerUp = true;
        await FailForAsync(Deadlines.BrokenConnection - TimeSpan.FromSeconds(2));
        _restarts.ShouldBe(0);
    }

    [Fact]
    public async Task One_send_that_works_starts_the_count_again()
    {
        await FailForAsync(Deadlines.BrokenConnection - TimeSpan.FromSeconds(2));
        Watch.Works();
        await FailForAsync(Deadlines.BrokenConnection - TimeSpan.FromSeconds(2));
        _restarts.ShouldBe(0);
    }

    /// <summary>A send fails each second.</summary>
    private async Task FailForAsync(TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed <= duration; passed += TimeSpan.FromSeconds(1))
        {
            await Watch.FailsAsync(Cancel);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
