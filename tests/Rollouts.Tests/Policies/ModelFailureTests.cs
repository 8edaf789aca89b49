using SandQueue.Contracts;
using SandQueue.ModelServers;
using SandQueue.Rollouts.Results;
using SandQueue.Rollouts.Settings;
using SandQueue.Rollouts.Tests.Play;

namespace SandQueue.Rollouts.Tests.Policies;

/// <summary>What an endpoint does wrong, over real sockets.</summary>
public sealed class ModelFailureTests
{
    [Theory]
    [InlineData(429, "0")]
    [InlineData(429, "3600")]
    [InlineData(429, "Fri, 01 Jan 2100 00:00:00 GMT")]
    [InlineData(500, "0")]
    [InlineData(503, "0")]
    [InlineData(408, "0")]
    public async Task What_passes_is_tried_again(int status, string retryAfter)
    {
        await using var server = await ModelServer.StartAsync(call => call.Number % 3 < 2 ? new ModelReply.Status(status, RetryAfter: retryAfter) : ModelReply.Say("x"));

        var result = await Modelling.PlayAsync(new FakeFarm(), server);

        (result.End, result.Reward, server.Calls.Count).ShouldBe((CommandEnd.Completed, 3, 9));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_breaks_is_tried_again(bool isStreamed)
    {
        await using var server = await ModelServer.StartAsync(call => call.Number == 0 ? new ModelReply.Cut() : ModelReply.Say("x"));

        var result = await Modelling.PlayAsync(new FakeFarm { Length = 1 }, server, isStreamed: isStreamed);

        (result.End, server.Calls.Count).ShouldBe((CommandEnd.Completed, 2));
    }

    [Fact]
    public async Task What_does_not_pass_is_a_failure_of_the_policy_and_no_reward()
    {
        await using var server = await ModelServer.StartAsync(_ => new ModelReply.Status(500, RetryAfter: "0"));

        var result = await Modelling.PlayAsync(new FakeFarm(), server, more: ""","retries":2""");

        (result.End, result.Reward, result.Cause, result.IsRetryable, result.RefusesEverything).ShouldBe((CommandEnd.Failed, null, RolloutCause.Policy, true, false));
        result.Detail!.ShouldMatch(@"^the endpoint http://127\.0\.0\.1:\d+ answered 500: no \(3 attempts\)$");
        server.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_endpoint_that_hangs_is_given_up_in_its_time()
    {
        await using var server = await ModelServer.StartAsync(_ => new ModelReply.Hang());

        var result = await Modelling.PlayAsync(new FakeFarm(), server, more: ""","request_timeout_s":0.2""");

        (result.End, result.Cause, result.IsRetryable, result.RefusesEverything).ShouldBe((CommandEnd.Failed, RolloutCause.Policy, true, false));
        server.Calls.Count.ShouldBeLessThanOrEqualTo(1, "it is not asked again; on a slow machine its time is over before it was asked");
        result.Detail!.ShouldContain("did not answer within 0.2 s");
    }

    [Theory]
    [InlineData("{\"choices\":[", "no JSON")]
    [InlineData("<html>", "no JSON")]
    [InlineData("[]", "no object")]
    [InlineData("{}", "no choices")]
    [InlineData("{\"choices\":[]}", "no choices")]
    [InlineData("{\"choices\":[{}]}", "no message")]
    [InlineData("{\"choices\":[{\"message\":null}]}", "no message")]
    [InlineData("{\"choices\":[{\"message\":{}}]}", "no message")]
    [InlineData("{\"\\ud800\":1}", "no choices")]
    [InlineData("{\"error\":{\"message\":\"overloaded\\nnow\"}}", "overloaded now")]
    public async Task Nonsense_is_a_failure_of_the_policy(string answer, string named)
    {
        await using var server = await ModelServer.StartAsync(_ => new ModelReply.Raw(answer));

        var result = await Modelling.PlayAsync(new FakeFarm(), server);

        (result.End, result.Cause, result.Reward).ShouldBe((CommandEnd.Failed, RolloutCause.Policy, null));
        result.Detail!.ShouldContain(named);
        result.Detail!.ShouldNotContain('\n');
    }

    [Theory]
    [InlineData("data: {oops}\n\n", "no JSON")]
    [InlineData("data: 7\n\n", "no object")]
    [InlineData("data: {\"\\ud800\":1}\n\ndata: [DONE]\n\n", "no choices")]
    [InlineData("data: [DONE]\n\n", "no choices")]
    public async Task A_stream_of_nonsense_is_one_too(string stream, string named)
    {
        await using var server = await ModelServer.StartAsync(_ => new ModelReply.Raw(stream, "text/event-stream"));

        var result = await Modelling.PlayAsync(new FakeFarm(), server, isStreamed: true, more: ""","retries":0""");

        (result.End, result.Cause).ShouldBe((CommandEnd.Failed, RolloutCause.Policy));
        result.Detail!.ShouldContain(named);
    }

    [Fact]
    public async Task The_size_of_an_answer_is_limited()
    {
        await using var server = await ModelServer.StartAsync(call => call.IsStreamed
            ? new ModelReply.Raw($"data: {new string(' ', 3000)}\n\n", "text/event-stream")
            : new ModelReply.Raw(new string(' ', 3000)));
        var options = new EndpointOptions { Allow = ["loopback"], MaxAnswerBytes = 1000 };

        foreach (var isStreamed in (bool[])[false, true])
        {
            var result = await Modelling.PlayAsync(new FakeFarm(), server.Address, isStreamed: isStreamed, options: options);

            (result.End, result.Cause).ShouldBe((CommandEnd.Failed, RolloutCause.Policy));
            result.Detail!.ShouldContain("more than 1000 bytes");
        }
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task An_endpoint_that_refuses_everything_says_so_at_once(int status)
    {
        await using var server = await ModelServer.StartAsync(_ => new ModelReply.Status(status));

        var result = await Modelling.PlayAsync(new FakeFarm(), server);

        (result.End, result.Cause, result.RefusesEverything, server.Calls.Count).ShouldBe((CommandEnd.Failed, RolloutCause.Policy, true, 1));
    }

    [Fact]
    public async Task A_key_that_is_wrong_is_named_by_no_error()
    {
        await using var server = await ModelServer.StartAsync(_ => ModelReply.Say("x"), key: "sk-right");

        var refused = await Modelling.PlayAsync(new FakeFarm(), server, key: "sk-wrong");
        var taken = await Modelling.PlayAsync(new FakeFarm(), server, key: "sk-right");

        (refused.End, refused.RefusesEverything, taken.End).ShouldBe((CommandEnd.Failed, true, CommandEnd.Completed));
        refused.Detail!.ShouldNotContain("sk-wrong");
        refused.Detail!.ShouldContain("Incorrect API key provided: ***");
    }

    [Fact]
    public async Task A_request_that_is_refused_is_not_sent_again()
    {
        await using var server = await ModelServer.StartAsync(_ => new ModelReply.Status(400, """{"detail":"temperature must be above 0"}"""));

        var result = await Modelling.PlayAsync(new FakeFarm(), server);

        (result.End, result.Cause, result.IsRetryable, result.RefusesEverything, server.Calls.Count).ShouldBe((CommandEnd.Failed, RolloutCause.Policy, false, false, 1));
        result.Detail!.ShouldContain("temperature must be above 0");
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await ModelServer.StartAsync(_ => ModelReply.Say("x"));
        await using var server = await ModelServer.StartAsync(_ => new ModelReply.Status(307, Location: $"{elsewhere.Address}/chat/completions"));

        var result = await Modelling.PlayAsync(new FakeFarm(), server);

        (result.End, result.RefusesEverything, elsewhere.Calls.Count).ShouldBe((CommandEnd.Failed, true, 0));
        result.Detail!.ShouldContain(elsewhere.Address);
    }

    [Fact]
    public async Task Nobody_there_refuses_everything()
    {
        string address;
        await using (var server = await ModelServer.StartAsync(_ => ModelReply.Say("x"))) address = server.Address;

        var result = await Modelling.PlayAsync(new FakeFarm(), address, more: ""","retries":1""");

        (result.End, result.Cause, result.RefusesEverything, result.IsRetryable).ShouldBe((CommandEnd.Failed, RolloutCause.Policy, true, false));
        result.Detail!.ShouldContain("cannot be reached");
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT/v1")]
    [InlineData("http://localhost:PORT/v1")]
    [InlineData("http://[::ffff:127.0.0.1]:PORT/v1")]
    [InlineData("http://0.0.0.0:PORT/v1")]
    [InlineData("http://2130706433:PORT/v1")]
    [InlineData("http://0x7f.1:PORT/v1")]
    public async Task An_address_that_may_not_be_called_is_not(string address)
    {
        await using var server = await ModelServer.StartAsync(_ => ModelReply.Say("x"));

        var result = await Modelling.PlayAsync(new FakeFarm(), address.Replace("PORT", new Uri(server.Address).Port.ToString()), options: new EndpointOptions());

        (result.End, result.Cause, result.RefusesEverything, server.Calls.Count).ShouldBe((CommandEnd.Failed, RolloutCause.Policy, true, 0));
        result.Detail!.ShouldContain("Rollouts:Endpoints:Allow");
    }
}
