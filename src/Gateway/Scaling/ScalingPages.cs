using System.Text.Json.Nodes;
using SandQueue.Gateway.Http;
using SandQueue.Hosting.Admin;
using SandQueue.Routing.Observation;

namespace SandQueue.Gateway.Scaling;

/// <summary><c>/scaling</c> at the admin address: how busy each environment is, for a scaler of workers such as KEDA's <c>metrics-api</c>.</summary>
internal sealed partial class ScalingPages(ScalingSignal signal, TimeProvider time, ILogger<ScalingPages> log) : IAdminPages
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/scaling", AnswerAsync).DisableHttpMetrics();

    /// <summary>A scaler that is told nothing keeps what it has; one that is told 0 would take workers away.</summary>
    private async Task AnswerAsync(HttpContext context)
    {
        using var late = new CancellationTokenSource(Limit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, late.Token);
        try
        {
            await JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, Of(await signal.ReadAsync(limit.Token)));
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            NotRead(exception.GetBaseException().Message);
            await JsonAnswer.ObjectAsync(context, StatusCodes.Status503ServiceUnavailable, JsonAnswer.Error("the database or the broker does not say how busy the farm is; keep the workers that there are"));
        }
    }

    private static JsonObject Of(IReadOnlyDictionary<string, EnvironmentLoad> loads) => new()
    {
        ["waiting"] = loads.Values.Sum(load => load.Waiting),
        ["occupancy"] = loads.Count == 0 ? 0 : loads.Values.Max(load => load.Occupancy),
        ["environments"] = new JsonObject(loads.OrderBy(load => load.Key, StringComparer.Ordinal).Select(load => KeyValuePair.Create(load.Key, (JsonNode?)new JsonObject
        {
            ["waiting"] = load.Value.Waiting,
            ["live"] = load.Value.Live,
            ["free"] = load.Value.Free,
            ["occupancy"] = load.Value.Occupancy,
        }))),
    };

    [LoggerMessage(LogLevel.Warning, "what scaling needs could not be read: {Reason}")]
    private partial void NotRead(string reason);
}
