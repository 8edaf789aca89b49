using System.IO.Pipelines;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Protocols.Http;
using SandQueue.Workers.Tests.Pools;

namespace SandQueue.Workers.Tests.Protocols.Http;

public sealed class AnswerBodyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_one_container_four_answers_may_be_long_at_the_same_time_and_keep_no_short_one_and_no_other_container_waiting()
    {
        await using var container = new FakeContainer(1);
        await using var other = new FakeContainer(2);
        var bodies = Enumerable.Range(0, 4).Select(_ => NewBody()).ToList();
        List<Task<byte[]>> unfinished = [];
        foreach (var body in bodies) unfinished.Add(await BeginAsync(container, body, 200 * 1024, isWhole: false, Cancel));

        var fifth = await BeginAsync(container, NewBody(), 200 * 1024, isWhole: true, Cancel);
        (await (await BeginAsync(container, NewBody(), 60 * 1024, isWhole: true, Cancel)).WaitAsync(Limit, Cancel)).Length.ShouldBe(60 * 1024);
        (await (await BeginAsync(other, NewBody(), 200 * 1024, isWhole: true, Cancel)).WaitAsync(Limit, Cancel)).Length.ShouldBe(200 * 1024);
        fifth.IsCompleted.ShouldBeFalse();

        await bodies[0].Writer.CompleteAsync();

        (await fifth.WaitAsync(Limit, Cancel)).Length.ShouldBe(200 * 1024);
        foreach (var body in bodies) await body.Writer.CompleteAsync();
        foreach (var answer in await Task.WhenAll(unfinished).WaitAsync(Limit, Cancel)) answer.Length.ShouldBe(200 * 1024);
    }

    [Fact]
    public async Task One_that_waits_for_its_turn_can_be_given_up_and_takes_no_turn_with_it()
    {
        await using var container = new FakeContainer(1);
        using var given = new CancellationTokenSource();
        List<Pipe> bodies = [];
        for (var count = 0; count < 4; count++)
        {
            bodies.Add(NewBody());
            _ = await BeginAsync(container, bodies[^1], 200 * 1024, isWhole: false, Cancel);
        }

        var waiting = await BeginAsync(container, NewBody(), 200 * 1024, isWhole: true, given.Token);
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting.WaitAsync(Limit, Cancel));

        foreach (var body in bodies) await body.Writer.CompleteAsync();
        for (var count = 0; count < 10; count++)
        {
            (await (await BeginAsync(container, NewBody(), 200 * 1024, isWhole: true, Cancel)).WaitAsync(Limit, Cancel)).Length.ShouldBe(200 * 1024);
        }
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(1001, 1000)]
    [InlineData(100_000, 1000)]
    [InlineData(100_000, 100_000)]
    [InlineData(100_001, 100_000)]
    public async Task No_more_is_read_than_may_be(int length, int most)
    {
        await using var container = new FakeContainer(1);
        using var announced = new ByteArrayContent(new byte[length]);
        using var unannounced = new StreamContent(new MemoryStream(new byte[length])) { Headers = { ContentLength = null } };
        foreach (var content in (HttpContent[])[announced, unannounced])
        {
            var read = AnswerBody.ReadAsync(container, content, most, Cancel);
            if (length <= most) (await read).Length.ShouldBe(length);
            else (await Should.ThrowAsync<EnvironmentFailedException>(read)).Message.ShouldContain($"larger than {most} bytes");
        }
    }

    /// <summary>Takes all that is written to it.</summary>
    private static Pipe NewBody() => new(new PipeOptions(pauseWriterThreshold: 0));

    private static async Task<Task<byte[]>> BeginAsync(IContainer container, Pipe body, int length, bool isWhole, CancellationToken cancellationToken)
    {
        await body.Writer.WriteAsync(new byte[length], Cancel);
        if (isWhole) await body.Writer.CompleteAsync();
        return AnswerBody.ReadAsync(container, new StreamContent(body.Reader.AsStream()), 1 << 20, cancellationToken);
    }
}
