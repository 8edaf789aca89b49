using System.Text;
using System.Text.Json;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing.OpenEnv;
using SandQueue.Testing.Ors;

namespace SandQueue.Farm.Tests;

/// <summary>Sessions of the doors for foreign protocols are in no gateway's memory: each gateway goes on with what another began.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class SessionsOverManyGatewaysTests(SharedFarm farm)
{
    private const string Task = "4x4-1000000";

    private static readonly string[] Way = ["down", "right", "right", "right", "down", "down"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_of_ORS_is_served_by_whichever_gateway_is_asked()
    {
        await farm.WholeAsync();
        using var http = new HttpClient();
        var session = OrsCall.Read(await AskAsync(http, 0, HttpMethod.Post, "create_session", "{}", session: null)).TaskId;
        (await AskAsync(http, 1, HttpMethod.Post, "create", $$$"""{"env_name":"frozenlake","task_spec":{"task_id":"{{{Task}}}"}}""", session)).ShouldContain(session);
        (await AskAsync(http, 0, HttpMethod.Get, "frozenlake/prompt", body: null, session)).ShouldContain("A . H .");

        JsonElement output = default;
        for (var step = 0; step < Way.Length; step++)
        {
            var call = $$"""
                "name":"move","input":{"direction":"{{Way[step]}}"}
                """;
            var first = OrsCall.Read(await AskAsync(http, step % 2, HttpMethod.Post, "frozenlake/call", $"{{{call}}}", session));
            var again = OrsCall.Read(await AskAsync(http, (step + 1) % 2, HttpMethod.Post, "frozenlake/call", $$"""{ {{call}},"task_id":"{{first.TaskId}}"}""", session));
            output = first.Result!.Value.GetProperty("output");
            again.Result!.Value.GetProperty("output").GetProperty("blocks").GetRawText().ShouldBe(output.GetProperty("blocks").GetRawText());
            output.GetProperty("metadata").GetProperty("step").GetInt32().ShouldBe(step + 1);
        }

        (output.GetProperty("reward").GetDouble(), output.GetProperty("finished").GetBoolean()).ShouldBe((1.0, true));
        (await farm.Database.StepsAsync(session)).Select(step => step.Step).ShouldBe(Enumerable.Range(1, Way.Length));
        await AskAsync(http, 1, HttpMethod.Post, "delete", "", session);
    }

    [Fact]
    public async Task A_durable_session_of_OpenEnv_goes_on_at_another_gateway()
    {
        await farm.WholeAsync();
        const string Reset = $$"""{"task_id":"{{Task}}","instance_id":"durable"}""";
        for (var step = 0; step < Way.Length; step++)
        {
            using var client = await FrameClient.ConnectAsync(farm.Gateways[step % 2].Address, "frozenlake");
            (await client.ResetAsync(Reset)).Observed().GetProperty("step").GetInt32().ShouldBe(step);
            if (step > 0) (await client.StepAsync($$"""{"message":"<action>{{Way[step - 1]}}</action>","step":{{step}}}""")).Observed().GetProperty("step").GetInt32().ShouldBe(step);
            var taken = await client.StepAsync($$"""{"message":"<action>{{Way[step]}}</action>","step":{{step + 1}}}""");
            taken.GetProperty("data").GetProperty("done").GetBoolean().ShouldBe(step == Way.Length - 1);
        }

        (await farm.Database.StepsAsync("durable")).Select(step => step.Step).ShouldBe(Enumerable.Range(1, Way.Length));
    }

    private async Task<string> AskAsync(HttpClient http, int gateway, HttpMethod method, string path, string? body, string? session)
    {
        using var request = new HttpRequestMessage(method, new Uri(farm.Gateways[gateway].Address, path));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (session is not null) request.Headers.Add("X-Session-ID", session);
        using var response = await http.SendAsync(request, Cancel);
        var answer = await response.Content.ReadAsStringAsync(Cancel);
        response.IsSuccessStatusCode.ShouldBeTrue($"{path}: {answer}");
        return answer;
    }
}
