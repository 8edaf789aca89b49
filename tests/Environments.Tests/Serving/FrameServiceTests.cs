using System.Text;
using System.Text.Json;
using SandQueue.Frames;
using SandQueue.Testing;

namespace SandQueue.Environments.Tests.Serving;

/// <summary>The verbs of instances by frames, beside the same over HTTP.</summary>
public sealed class FrameServiceTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _id = Guid.NewGuid().ToString("n");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_health_check_says_that_frames_are_taken()
    {
        using var answer = await server.Http.GetAsync(new Uri("/healthz", UriKind.Relative), Cancel);
        answer.Headers.GetValues("Sandqueue-Frames").ShouldBe(["1"]);
    }

    [Fact]
    public async Task Both_answer_the_same_bytes()
    {
        using var client = await server.OpenAsync(Cancel);
        (Verb Verb, string Path, string Body)[] calls =
        [
            (Verb.Create, "/create", $$"""{"env_type":"faulty","task_id":"plain","instance_id":"{{_id}}","params":{"seed":7} }"""),
            (Verb.Step, "/step", Step("reward 1")),
            (Verb.Step, "/step", Step("nul")),
            (Verb.Step, "/step", Step("surrogate")),
            (Verb.Step, "/step", Step("echo \\ud800 \\ude00 é 😀 \\\"")),
            (Verb.Step, "/step", Step("big 5MB")),
            (Verb.Step, "/step", Step("throw")),
            (Verb.Step, "/step", Step("reward NaN")),
            (Verb.Step, "/step", $$"""{"instance_id":"{{_id}}","messages":[]}"""),
            (Verb.Step, "/step", "{"),
            (Verb.Step, "/step", "[]"),
            (Verb.Evaluate, "/evaluate", $$"""{"instance_id":"{{_id}}","params":{"sparse":true} }"""),
            (Verb.Evaluate, "/evaluate", $$"""{"instance_id":"{{_id}}"}"""),
            (Verb.GetInfo, "/get_info", $$"""{"instance_id":"{{_id}}"}"""),
            (Verb.Create, "/create", """{"env_type":"nope","task_id":"t"}"""),
            (Verb.Release, "/release", $$"""{"instance_id":"{{_id}}"}"""),
            (Verb.Release, "/release", $$"""{"instance_id":"{{_id}}"}"""),
            (Verb.Step, "/step", Step("count")),
        ];

        List<(int Status, string Body)> http = [];
        foreach (var call in calls)
        {
            var (status, body) = await server.PostAsync(call.Path, call.Body, Cancel);
            http.Add((status, status == 200 ? JsonElement.Parse(Encoding.UTF8.GetBytes(body)).GetProperty("data").GetRawText() : body));
        }

        for (var index = 0; index < calls.Length; index++) (await CallAsync(client, calls[index].Verb, calls[index].Body)).ShouldBe(http[index], calls[index].Body);
    }

    [Fact]
    public async Task An_unknown_verb_is_told_and_the_connection_goes_on()
    {
        using var client = await server.OpenAsync(Cancel);
        (await CallAsync(client, (Verb)99, "{}")).ShouldBe((404, ""));
        (await CallAsync(client, Verb.Release, """{"instance_id":"nobody"}""")).ShouldBe((200, "null"));
    }

    [Fact]
    public async Task Instances_run_side_by_side_and_a_call_that_goes_on_is_shown_by_the_health_check()
    {
        using var client = await server.OpenAsync(Cancel);
        await CallAsync(client, Verb.Create, $$"""{"env_type":"faulty","task_id":"plain","instance_id":"{{_id}}"}""");
        await CallAsync(client, Verb.Create, $$"""{"env_type":"faulty","task_id":"plain","instance_id":"{{_id}}-2"}""");
        using var given = new CancellationTokenSource();
        var hanging = client.CallAsync(Verb.Step, Encoding.UTF8.GetBytes(Step("hang")), given.Token).AsTask();

        for (var count = 0; count < 50; count++) (await CallAsync(client, Verb.Step, Step("count", $"{_id}-2"))).Status.ShouldBe(200);

        await Until.TrueAsync("the health check shows it", async () =>
        {
            using var answer = await server.Http.GetAsync(new Uri("/healthz", UriKind.Relative), Cancel);
            return long.Parse(answer.Headers.GetValues("Sandqueue-Longest-Call-Ms").Single(), System.Globalization.CultureInfo.InvariantCulture) > 0;
        }, Limit);
        hanging.IsCompleted.ShouldBeFalse();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(hanging.WaitAsync(Limit, Cancel));

        // Its instance is free again: the environment was told.
        (await CallAsync(client, Verb.Step, Step("count")).WaitAsync(Limit, Cancel)).Status.ShouldBe(200);
    }

    private string Step(string action, string? id = null) => $$"""{"instance_id":"{{id ?? _id}}","messages":{"content":"{{action}}"} }""";

    private static async Task<(int Status, string Body)> CallAsync(FrameClient client, Verb verb, string body)
    {
        var answer = await client.CallAsync(verb, Encoding.UTF8.GetBytes(body), Cancel);
        return (answer.Code, Encoding.UTF8.GetString(answer.Body.Span));
    }
}
