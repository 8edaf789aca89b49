using SandQueue.Client.Commands;
using SandQueue.Client.Resending;
using SandQueue.Client.Tests.Servers;

namespace SandQueue.Client.Tests.Resending;

public sealed class ResendTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Pauses_double_up_to_five_seconds_and_are_never_the_same_for_all()
    {
        Pauses(0).ShouldBe([0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.5, 2.5]);
        Pauses(1).ShouldBe([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5]);
        new Backoff(() => 0).After(3, TimeSpan.FromSeconds(8)).TotalSeconds.ShouldBe(8);
        new Backoff(() => 1).After(3, TimeSpan.FromSeconds(8)).TotalSeconds.ShouldBe(9);

        static IEnumerable<double> Pauses(double random) => Enumerable.Range(1, 8).Select(failures => Math.Round(new Backoff(() => random).After(failures, null).TotalSeconds, 6));
    }

    [Fact]
    public async Task A_pause_that_would_outlast_the_time_is_not_waited_for()
    {
        var (reply, time, attempts) = await RunAsync(TimeSpan.FromSeconds(4), _ => Refusal.Rejected("no_capacity", "full") with { RetryAfter = TimeSpan.FromSeconds(5) });

        (reply.Refusal!.Code, reply.Refusal.RetryAfter, attempts).ShouldBe(("no_capacity", TimeSpan.FromSeconds(5), 1));
        time.Pauses.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_attempt_that_would_be_cut_off_at_once_is_not_begun()
    {
        // The pause is 3.4 s and up to a quarter more, here 3.8 s, of 4 s of which the last tenth begins nothing.
        var (reply, time, attempts) = await RunAsync(TimeSpan.FromSeconds(4), _ => Refusal.Rejected("no_capacity", "full") with { RetryAfter = TimeSpan.FromSeconds(3.4) });

        (reply.Refusal!.Code, attempts).ShouldBe(("no_capacity", 1));
        time.Pauses.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nor_is_one_after_a_pause_that_took_too_long()
    {
        SkippingTime time = null!;
        time = new SkippingTime(TimeSpan.FromSeconds(2), pausing: () => time.Advance(TimeSpan.FromSeconds(10)), skipsLimits: false);
        var transport = new RefusingTransport(_ => Refusal.Rejected("no_capacity", "full") with { RetryAfter = TimeSpan.FromSeconds(1) });

        var reply = await new Resend(transport, new Backoff(() => 0.5), TimeSpan.FromSeconds(70), time).SendAsync(new Release { Id = "r", InstanceId = "i" }, TimeSpan.FromSeconds(4), Cancel);

        (reply.Refusal!.Code, transport.Attempts).ShouldBe(("no_capacity", 1));
    }

    [Fact]
    public async Task What_was_never_sent_says_nothing_of_an_attempt_that_was()
    {
        var (reply, _, attempts) = await RunAsync(TimeSpan.FromSeconds(4), attempt => attempt == 1 ? Refusal.Unknown("broken") : Refusal.Unreachable("refused"));

        attempts.ShouldBeGreaterThan(2);
        (reply.Refusal!.Code, reply.Refusal.IsUnknown).ShouldBe(("unknown_end", true));
        reply.Refusal.Detail.ShouldContain("refused");
    }

    [Fact]
    public async Task An_end_is_an_end_whatever_came_before()
    {
        var (reply, _, attempts) = await RunAsync(TimeSpan.FromSeconds(4), attempt => attempt == 1 ? Refusal.Unknown("broken") : Refusal.Rejected("episode_over", "over"));

        (reply.Refusal!.Code, reply.Refusal.IsUnknown, attempts).ShouldBe(("episode_over", false, 2));
    }

    [Theory]
    [InlineData("unauthenticated")]
    [InlineData("forbidden")]
    [InlineData("body_too_large")]
    public async Task A_refusal_that_looked_at_no_command_says_nothing_of_an_attempt_before_it(string code)
    {
        var (reply, _, attempts) = await RunAsync(TimeSpan.FromSeconds(4), attempt => attempt == 1 ? Refusal.Unknown("broken") : Refusal.Rejected(code, "not you"));

        (reply.Refusal!.Code, reply.Refusal.IsUnknown, attempts).ShouldBe(("unknown_end", true, 2));
        reply.Refusal.Detail.ShouldContain("not you");
        (await RunAsync(TimeSpan.FromSeconds(4), _ => Refusal.Rejected(code, "not you"))).Reply.Refusal!.Code.ShouldBe(code);
    }

    private static async Task<(Reply Reply, SkippingTime Time, int Attempts)> RunAsync(TimeSpan deadline, Func<int, Refusal> refuse)
    {
        var time = new SkippingTime(TimeSpan.FromSeconds(3.9));
        var transport = new RefusingTransport(refuse);
        var reply = await new Resend(transport, new Backoff(() => 0.5), TimeSpan.FromSeconds(70), time).SendAsync(new Release { Id = "r", InstanceId = "i" }, deadline, Cancel);
        return (reply, time, transport.Attempts);
    }

    private sealed class RefusingTransport(Func<int, Refusal> refuse) : ITransport
    {
        public int Attempts { get; private set; }

        public Task<Reply> SendAsync(Command command, TimeSpan time, CancellationToken cancellationToken) => Task.FromResult(Reply.Refused(refuse(++Attempts)));

        public IEnumerable<IReadOnlyList<Step>> Parts(IReadOnlyList<Step> steps) => throw new NotSupportedException();

        public Task<IReadOnlyList<Reply>> StepPartAsync(IReadOnlyList<Step> steps, TimeSpan time, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
