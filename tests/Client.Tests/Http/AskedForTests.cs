using SandQueue.Client.Tests.Servers;

namespace SandQueue.Client.Tests.Http;

/// <summary>What the client asks for, and refuses to ask for.</summary>
public sealed class AskedForTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_that_still_runs_has_no_end()
    {
        await using var gateway = FakeGateway.Answering(FakeGateway.Answer(202, """{"command_id":"mine","state":"running"}"""));
        await using var queue = SandQueueClient.OverHttp(gateway.Address);

        (await queue.FindCommandAsync("mine", cancellationToken: Cancel)).ShouldBeNull();

        gateway.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-0.001)]
    [InlineData(50 * 24 * 3600)]
    public async Task A_deadline_that_is_none_is_refused(double seconds)
    {
        await using var gateway = FakeGateway.Answering(FakeGateway.Step("mine"));
        await using var queue = SandQueueClient.OverHttp(gateway.Address);
        var deadline = TimeSpan.FromSeconds(seconds);

        (await Should.ThrowAsync<ArgumentOutOfRangeException>(() => queue.CreateAsync("e", "t", new() { Deadline = deadline }, Cancel))).Message.ShouldContain("eadline");
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => queue.Attach("i").StepAsync("left", new() { Deadline = deadline }, Cancel));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => queue.Attach("i").EvaluateAsync(new() { Deadline = deadline }, Cancel));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => queue.StepAsync([new("i", "left")], deadline, Cancel));
        Should.Throw<ArgumentOutOfRangeException>(() => SandQueueClient.OverHttp(gateway.Address, options: new() { AttemptTimeout = deadline }));

        gateway.Requests.ShouldBeEmpty();
    }
}
