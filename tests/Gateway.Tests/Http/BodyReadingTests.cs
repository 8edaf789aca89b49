using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Tests.Http;

/// <summary>A body that comes slowly.</summary>
public sealed class BodyReadingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _sent = new();
    private readonly DefaultHttpContext _context = new();

    public BodyReadingTests() => _context.Request.Body = _sent.Reader.AsStream();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_does_not_come_whole_in_time_is_408_though_something_comes_all_the_while()
    {
        var reading = ReadAsync();
        for (var second = 0; second < 30; second++)
        {
            await _sent.Writer.WriteAsync("x"u8.ToArray(), Cancel);
            reading.IsCompleted.ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var refused = await Should.ThrowAsync<BadRequestException>(reading.WaitAsync(Limit, Cancel));

        (refused.Status, refused.Message).ShouldBe((408, "the body did not come within 30 s (Gateway:ReadTimeout); send it faster, or raise that setting"));
        _context.Response.Headers.Connection.ToString().ShouldBe("close");
    }

    [Fact]
    public async Task One_that_comes_whole_just_in_time_is_taken()
    {
        var reading = ReadAsync();
        await _sent.Writer.WriteAsync("{"u8.ToArray(), Cancel);
        _time.Advance(TimeSpan.FromSeconds(29));
        await _sent.Writer.WriteAsync("}"u8.ToArray(), Cancel);
        await _sent.Writer.CompleteAsync();

        (await reading.WaitAsync(Limit, Cancel)).ShouldBe("{}"u8.ToArray());
    }

    [Fact]
    public async Task One_whose_caller_hangs_up_is_no_answer()
    {
        using var aborted = new CancellationTokenSource();
        _context.RequestAborted = aborted.Token;
        var reading = ReadAsync();

        await aborted.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading.WaitAsync(Limit, Cancel));
    }

    private Task<byte[]> ReadAsync() => BodyReading.ReadAsync(_context, new BodyLimit(1 << 20, TimeSpan.FromSeconds(30)), _time);
}
