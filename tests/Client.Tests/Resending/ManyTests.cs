using SandQueue.Client.Commands;
using SandQueue.Client.Resending;
using SandQueue.Client.Tests.Servers;

namespace SandQueue.Client.Tests.Resending;

/// <summary>Steps that go side by side do not wait for each other, and take no answer from each other.</summary>
public sealed class ManyTests
{
    private static readonly Reply Done = Reply.Completed(default);
    private static readonly string[] Names = ["a", "b", "c"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task One_that_has_to_come_back_late_holds_up_no_other(int together)
    {
        var transport = new FakeTransport(together, (id, attempt, _) => Task.FromResult((id, attempt) switch
        {
            ("a", _) => Full(TimeSpan.FromHours(1)),
            ("b", 1) => Full(TimeSpan.FromSeconds(2)),
            ("c", 1) => Full(null),
            _ => Done,
        }));

        var replies = await StepAsync(transport, longestPause: 3, skipsLimits: false);

        replies.Select(reply => reply.Refusal?.Code).ShouldBe(["no_capacity", null, null]);
        Names.Select(id => transport.Attempts(id)).ShouldBe([1, 2, 2]);
    }

    [Fact]
    public async Task One_that_is_late_takes_no_others_answer_away()
    {
        var transport = new FakeTransport(1, async (id, _, cancellationToken) =>
        {
            if (id == "b") await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return Done;
        });

        // The limit of the attempt passes at once.
        var replies = await StepAsync(transport, longestPause: 4, skipsLimits: true);

        replies.Select(reply => reply.Refusal?.Code).ShouldBe([null, "unknown_end", null]);
        Names.Select(id => transport.Attempts(id)).ShouldBe([1, 1, 1]);
    }

    private static Reply Full(TimeSpan? again) => Reply.Refused(Refusal.Rejected("no_capacity", "full") with { RetryAfter = again });

    private static Task<Reply[]> StepAsync(FakeTransport transport, int longestPause, bool skipsLimits) =>
        new Resend(transport, new Backoff(() => 0.5), TimeSpan.FromSeconds(4), new SkippingTime(TimeSpan.FromSeconds(longestPause), skipsLimits: skipsLimits))
            .StepManyAsync([.. Names.Select(id => new Step("{}"u8.ToArray()) { Id = id, InstanceId = id })], TimeSpan.FromSeconds(4), Cancel);

    private sealed class FakeTransport(int together, Func<string, int, CancellationToken, Task<Reply>> answer) : ITransport
    {
        private readonly Dictionary<string, int> _attempts = [];

        public int Attempts(string id) => _attempts[id];

        public Task<Reply> SendAsync(Command command, TimeSpan time, CancellationToken cancellationToken)
        {
            int attempt;
            lock (_attempts) attempt = _attempts[command.Id!] = _attempts.GetValueOrDefault(command.Id!) + 1;
            return answer(command.Id!, attempt, cancellationToken);
        }

        public IEnumerable<IReadOnlyList<Step>> Parts(IReadOnlyList<Step> steps) => steps.Chunk(together);

        public async Task<IReadOnlyList<Reply>> StepPartAsync(IReadOnlyList<Step> steps, TimeSpan time, CancellationToken cancellationToken) =>
            await Task.WhenAll(steps.Select(step => SendAsync(step, time, cancellationToken)));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
