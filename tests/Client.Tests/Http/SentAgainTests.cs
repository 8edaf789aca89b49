using SandQueue.Client.Tests.Servers;
using SandQueue.Testing;

namespace SandQueue.Client.Tests.Http;

/// <summary>What the client does where the gateway, or the way to it, does not do its part.</summary>
public sealed class SentAgainTests
{
    private const string Unknown = """{"command_id":"b","instance_id":"B","end":"unknown","problem":{"code":"unknown_end","detail":"d","end":"unknown"}}""";
    private const string Conflict = """{"command_id":"c","instance_id":"C","end":"rejected","problem":{"code":"conflict","detail":"d"}}""";

    private static readonly StepOptions Named = new() { CommandId = "mine" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gateway_that_is_not_there_yet_is_asked_until_it_is()
    {
        var port = FreePort.Take();
        FakeGateway? gateway = null;
        var time = new SkippingTime(TimeSpan.FromSeconds(5), () => gateway ??= new FakeGateway((_, _) => Task.FromResult<string?>(FakeGateway.Step("mine")), port));
        await using var queue = Client(new Uri($"http://127.0.0.1:{port}"), time);

        (await StepAsync(queue)).Reward.ShouldBe(0.5);

        time.Pauses.Count.ShouldBe(1);
        await gateway!.DisposeAsync();
    }

    [Fact]
    public async Task Where_the_gateway_says_when_to_come_back_the_client_comes_back_then()
    {
        var time = new SkippingTime(TimeSpan.FromSeconds(20));
        await using var gateway = FakeGateway.Answering(
            FakeGateway.Problem(503, "no_capacity", header: "Retry-After: 7"), FakeGateway.Problem(429, "over_limit", header: "Retry-After: 1"), FakeGateway.Step("mine"));
        await using var queue = Client(gateway.Address, time);

        (await StepAsync(queue)).Observation.ShouldBe("seen");

        time.Pauses.Count.ShouldBe(2);
        time.Pauses[0].TotalSeconds.ShouldBeInRange(7, 8);
        time.Pauses[1].TotalSeconds.ShouldBeInRange(1, 1.25);
        gateway.Requests.Select(request => request.Key).ShouldBe(["mine", "mine", "mine"]);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_asked_for_under_the_same_id_with_the_same_body()
    {
        var taken = new HashSet<string>();
        await using var gateway = new FakeGateway((request, number) =>
        {
            taken.Add(request.Key!);
            return Task.FromResult(number < 3 ? null : FakeGateway.Step(request.Key!));
        });
        await using var queue = Client(gateway.Address);

        var step = await queue.Attach("i").StepAsync("left", cancellationToken: Cancel);

        taken.ShouldBe([step.CommandId]);
        gateway.Requests.Select(request => request.Body).Distinct().Count().ShouldBe(1);
        gateway.Requests.ShouldAllBe(request => request.Line.StartsWith("POST /v1/instances/i/steps?timeout="));
        Guid.Parse(step.CommandId).Version.ShouldBe(7);
    }

    [Theory]
    [InlineData(504, "unknown_end", "Unknown")]
    [InlineData(500, "owner_changed", "Rejected")]
    [InlineData(503, "stopping", "Unknown")]
    [InlineData(503, "database_unavailable", "Unknown")]
    [InlineData(429, "over_limit", "Rejected")]
    public async Task What_may_yet_complete_is_sent_again_until_the_time_is_over(int status, string code, string end)
    {
        await using var gateway = FakeGateway.Answering(FakeGateway.Problem(status, code));
        await using var queue = Client(gateway.Address, SkippingTime.ByPauses(), deadline: 1);

        var failure = await Should.ThrowAsync<SandQueueException>(() => StepAsync(queue));

        gateway.Requests.Count.ShouldBeGreaterThan(1);
        failure.End.ToString().ShouldBe(end);
        failure.Code.ShouldBe(end == "Unknown" ? ErrorCodes.UnknownEnd : code);
        (failure.IsRetryable, failure.CommandId).ShouldBe((true, "mine"));
        failure.Message.ShouldContain("told so");
    }

    [Theory]
    [InlineData(400, "invalid_request", "", CommandEnd.Rejected, FailureCause.Caller)]
    [InlineData(404, "unknown_instance", "", CommandEnd.Rejected, FailureCause.Caller)]
    [InlineData(504, "timed_out", ",\"end\":\"expired\",\"reward\":null,\"valid\":false,\"cause\":\"infrastructure\"", CommandEnd.Expired, FailureCause.Infrastructure)]
    [InlineData(500, "environment_failed", ",\"end\":\"failed\",\"reward\":null,\"valid\":false,\"cause\":\"agent\"", CommandEnd.Failed, FailureCause.Agent)]
    [InlineData(418, "a_new_one", "", CommandEnd.Rejected, FailureCause.Caller)]
    public async Task What_has_its_end_is_told_at_once(int status, string code, string members, CommandEnd end, FailureCause cause)
    {
        await using var gateway = FakeGateway.Answering(FakeGateway.Problem(status, code, members));
        await using var queue = Client(gateway.Address);

        var failure = await Should.ThrowAsync<SandQueueException>(() => StepAsync(queue));

        (failure.Code, failure.End, failure.Cause, failure.InstanceId).ShouldBe((code, end, cause, "i"));
        gateway.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(200, "no JSON")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"command_id":"mine","end":"completed"}""")]
    [InlineData(200, """{"command_id":"mine","end":"failed","problem":7}""")]
    [InlineData(302, "")]
    public async Task What_is_no_answer_of_ours_is_asked_for_three_times_and_is_no_reward(int status, string body)
    {
        await using var gateway = FakeGateway.Answering(FakeGateway.Answer(status, body));
        await using var queue = Client(gateway.Address);

        var failure = await Should.ThrowAsync<SandQueueException>(() => StepAsync(queue));

        (failure.Code, failure.End).ShouldBe((ErrorCodes.MalformedAnswer, CommandEnd.Unknown));
        gateway.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_gateway_that_fails_at_a_command_is_asked_three_times()
    {
        await using var gateway = FakeGateway.Answering(FakeGateway.Problem(500, "internal_error"));
        await using var queue = Client(gateway.Address);

        var failure = await Should.ThrowAsync<SandQueueException>(() => StepAsync(queue));

        (failure.Code, failure.End, failure.IsRetryable).ShouldBe((ErrorCodes.InternalError, CommandEnd.Unknown, true));
        gateway.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_proxy_that_refuses_a_step_says_nothing_of_an_attempt_before_it()
    {
        await using var gateway = FakeGateway.Answering(null, FakeGateway.Answer(400, "<html>", type: "text/html"));
        await using var queue = Client(gateway.Address);

        var failure = await Should.ThrowAsync<SandQueueException>(() => StepAsync(queue));

        (failure.Code, failure.End).ShouldBe((ErrorCodes.UnknownEnd, CommandEnd.Unknown));
        gateway.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"state":[],"reward":1,"is_terminated":false,"info":{"step":1}}""")]
    [InlineData("""{"state":[{"role":"user"}],"reward":1,"is_terminated":false,"info":{"step":1}}""")]
    [InlineData("""{"state":[{"role":"user","content":"x"}],"reward":1,"is_terminated":"no","info":{"step":1}}""")]
    [InlineData("""{"state":[{"role":"user","content":"x"}],"reward":1,"is_terminated":false,"info":{}}""")]
    [InlineData("[]")]
    public async Task An_answer_that_is_no_steps_is_no_step(string answer)
    {
        await using var gateway = FakeGateway.Answering(FakeGateway.Answer(200, $$"""{"command_id":"mine","instance_id":"i","end":"completed","answer":{{answer}}}"""));
        await using var queue = Client(gateway.Address);

        (await Should.ThrowAsync<SandQueueException>(() => StepAsync(queue))).Code.ShouldBe(ErrorCodes.MalformedAnswer);
    }

    [Fact]
    public async Task A_reward_that_is_null_stays_null()
    {
        await using var gateway = FakeGateway.Answering(
            FakeGateway.Answer(200, """{"command_id":"mine","instance_id":"i","end":"completed","answer":{"state":[{"role":"user","content":"x"}],"reward":null,"is_terminated":true,"info":{"step":1,"end_reason":"max_steps","truncated":true}}}"""));
        await using var queue = Client(gateway.Address);

        var step = await StepAsync(queue);

        (step.Reward, step.IsTerminated, step.IsTruncated, step.EndReason).ShouldBe((null, true, true, "max_steps"));
    }

    [Fact]
    public async Task A_cancelled_step_hangs_up()
    {
        await using var gateway = new FakeGateway(async (request, _) =>
        {
            await request.Gone;
            return null;
        });
        await using var queue = Client(gateway.Address);
        using var giveUp = new CancellationTokenSource();
        var stepping = queue.Attach("i").StepAsync("left", Named, giveUp.Token);
        await Until.TrueAsync("the step was sent", () => gateway.Requests.Count == 1, TimeSpan.FromSeconds(30));

        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => stepping);
        await gateway.Requests[0].Gone.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        gateway.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_attempt_that_nobody_answers_ends_and_another_is_made()
    {
        await using var gateway = new FakeGateway(async (request, number) =>
        {
            if (number > 1) return FakeGateway.Step("mine");
            await request.Gone;
            return null;
        });
        await using var queue = SandQueueClient.OverHttp(gateway.Address, options: new() { AttemptTimeout = TimeSpan.FromMilliseconds(300) });

        (await StepAsync(queue)).Number.ShouldBe(1);

        gateway.Requests.Count.ShouldBeGreaterThanOrEqualTo(2);
        gateway.Requests[0].Line.ShouldEndWith("?timeout=0.27");
    }

    [Fact]
    public async Task A_create_that_was_given_up_is_released_once_it_is_made()
    {
        var made = new TaskCompletionSource();
        await using var gateway = new FakeGateway(async (request, _) =>
        {
            if (request.Line.StartsWith("DELETE", StringComparison.Ordinal)) return FakeGateway.Answer(200, """{"command_id":"r","instance_id":"lake","end":"completed","answer":true}""");
            await made.Task;
            return FakeGateway.Answer(201, """{"command_id":"c","instance_id":"lake","end":"completed","answer":{}}""");
        });
        await using (var queue = Client(gateway.Address))
        {
            using var giveUp = new CancellationTokenSource();
            var creating = queue.CreateAsync("frozenlake", "4x4-1", new() { InstanceId = "lake" }, giveUp.Token);
            await Until.TrueAsync("the create was sent", () => gateway.Requests.Count == 1, TimeSpan.FromSeconds(30));
            await giveUp.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => creating);
            made.SetResult();
        }

        gateway.Requests[^1].Line.ShouldStartWith("DELETE /v1/instances/lake?");
    }

    [Fact]
    public async Task An_instance_that_cannot_be_released_throws_nothing_and_is_told()
    {
        SandQueueException? told = null;
        await using var gateway = FakeGateway.Answering(FakeGateway.Problem(403, "forbidden"));
        await using var queue = SandQueueClient.OverHttp(gateway.Address, options: new() { ReleaseFailed = failure => told = failure });

        await queue.Attach("lake").DisposeAsync();

        (told!.Code, told.InstanceId).ShouldBe((ErrorCodes.Forbidden, "lake"));
        await Should.ThrowAsync<SandQueueException>(() => queue.Attach("lake").ReleaseAsync(Cancel));
    }

    [Fact]
    public async Task Of_many_steps_only_those_without_an_end_are_sent_again()
    {
        await using var gateway = new FakeGateway((_, number) => Task.FromResult<string?>(number == 1
            ? FakeGateway.Answer(200, $"{{\"results\":[{string.Join(',', FakeGateway.Completed("a", "A"), Unknown, Conflict)}]}}")
            : FakeGateway.Step("b")));
        await using var queue = Client(gateway.Address);

        var results = await queue.StepAsync([Step("a"), Step("b"), Step("c")], cancellationToken: Cancel);

        results.Select(result => result.Failure?.Code).ShouldBe([null, null, ErrorCodes.Conflict]);
        gateway.Requests.Count.ShouldBe(2);
        (gateway.Requests[1].Key, gateway.Requests[1].Line.Split('?')[0]).ShouldBe(("b", "POST /v1/instances/B/steps"));
    }

    [Fact]
    public void Addresses_of_other_kinds_are_refused()
    {
        Should.Throw<ArgumentException>(() => SandQueueClient.OverHttp(new Uri("amqp://localhost")));
        Should.Throw<ArgumentException>(() => SandQueueClient.OverRabbitMq(new Uri("http://localhost")));
        Should.Throw<ArgumentException>(() => SandQueueClient.OverHttp(new Uri("/relative", UriKind.Relative)));
        Should.Throw<ArgumentOutOfRangeException>(() => SandQueueClient.OverHttp(new Uri("http://localhost"), options: new() { Deadline = TimeSpan.Zero }));
    }

    private static SandQueueHttpClient Client(Uri gateway, TimeProvider? time = null, double deadline = 60) =>
        SandQueueClient.OverHttp(gateway, options: new() { Deadline = TimeSpan.FromSeconds(deadline), TimeProvider = time ?? TimeProvider.System });

    private static Task<EpisodeStep> StepAsync(SandQueueClient queue) => queue.Attach("i").StepAsync("left", Named, Cancel);

    private static StepRequest Step(string id) => new(id.ToUpperInvariant(), "left") { CommandId = id };
}
