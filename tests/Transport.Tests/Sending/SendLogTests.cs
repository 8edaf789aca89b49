using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests.Sending;

public sealed class SendLogTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogLines _lines = new();
    private readonly ILoggerFactory _loggers;
    private readonly SendLog _log;

    public SendLogTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_lines));
        _log = new SendLog(_loggers, _time);
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _lines.Dispose();
    }

    [Fact]
    public void Of_one_dead_queue_there_is_a_line_an_interval_with_the_count()
    {
        for (var second = 0; second < 40; second++)
        {
            _log.Returned("dead");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _lines.Lines.Count.ShouldBe(2);
        _lines.Lines.First().ShouldContain("a message to queue dead was returned: the queue is gone");
        _lines.Lines.Last().ShouldContain("29 more were returned since the last line");
    }

    [Fact]
    public void Each_dead_queue_has_a_line_of_its_own()
    {
        foreach (var queue in (string[])["a", "b", "a", "b"]) _log.Returned(queue);
        _lines.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void A_queue_is_forgotten_when_nothing_was_returned_for_long()
    {
        _log.Returned("dead");
        _time.Advance(TimeSpan.FromMinutes(5));
        _log.Returned("other");
        _log.Queues.ShouldBe(1);
    }
}
