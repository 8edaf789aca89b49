using System.Net;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Routing.Observation.Latency;

namespace SandQueue.Gateway.Tests.RestV1.Reads;

public sealed class LatencyEndpointTests : IAsyncLifetime
{
    /// <summary>Without tables, whatever is asked of the database fails.</summary>
    private readonly RestServer _server = new() { HasDatabase = false };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task It_needs_no_database_and_names_every_verb_and_the_last_five_minutes()
    {
        var answer = await _server.SendAsync("GET", "/v1/latency", key: "key-admin");

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Json.GetProperty("verbs").EnumerateArray().Select(verb => verb.GetProperty("verb").GetString()).ShouldBe(["create", "step", "evaluate", "release"]);
        answer.Json.GetProperty("verbs")[1].GetRawText().ShouldBe("""{"verb":"step","count":0,"failed":0,"refused":0,"ms_p50":null,"ms_p99":null,"mean":null}""");
        answer.Json.GetProperty("tenants").GetArrayLength().ShouldBe(0);
        answer.Json.GetProperty("points").GetArrayLength().ShouldBe(30);
    }

    [Fact]
    public void A_verbs_figures_are_told_as_they_were_read()
    {
        var at = DateTimeOffset.UnixEpoch;
        var view = LatencyView.Of(new LatencyReading(42, [new VerbLatency("step", 9, 2, 1, 0.5, 7, new LatencyParts(1, 2, 3, 4))], [new NamedLatency("lake", 1, 2, 3, 4, 5, 6)], [new NamedLatency("anna", 0, null, null, 4, 5, 6)], [new LatencyPoint(at, 10, 3, 9, 0.5, 7)]));

        view.Verbs.Single().ShouldBe(new VerbLatencyView("step", 9, 2, 1, 0.5, 7, new LatencyPartsView(1, 2, 3, 4)));
        view.Points.Single().ShouldBe(new LatencyPointView(at, 10, 3, 9, 0.5, 7));
        view.Environments.Single().ShouldBe(new NamedLatencyView("lake", 1, 2, 3, 4, 5, 6));
        view.Tenants.Single().ShouldBe(new NamedLatencyView("anna", 0, null, null, 4, 5, 6));
        view.Seconds.ShouldBe(42);
    }
}
