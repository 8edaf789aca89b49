using System.Text.Json.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Health;

/// <summary>
/// <c>/healthz</c> says that the process answers, <c>/readyz</c> whether commands can be executed: broker, database and at least one worker.
/// Both answer without a key.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>Marks the checks that readiness depends on.</summary>
    internal const string Tag = "sandqueue";

    /// <summary>Of one check; probes wait a few seconds at most.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <param name="services">The gateway's services.</param>
    /// <param name="isFarm">Whether there is a broker: the embedded mode has none.</param>
    public static void AddHealth(this IServiceCollection services, bool isFarm)
    {
        services.AddSingleton<Readiness>();
        var checks = services.AddHealthChecks();
        if (isFarm) checks.AddCheck<BrokerCheck>("broker", HealthStatus.Unhealthy, [Tag], Limit);
        checks.AddCheck<DatabaseCheck>("database", HealthStatus.Unhealthy, [Tag], Limit);
        checks.AddCheck<WorkersCheck>("workers", HealthStatus.Unhealthy, [Tag], Limit);
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var readiness = routes.ServiceProvider.GetRequiredService<Readiness>();
        routes.MapGet("/healthz", context => context.Response.WriteAsync("OK", context.RequestAborted)).AllowAnonymous();
        routes.MapGet("/readyz", context => AnswerAsync(context, readiness)).AllowAnonymous();
    }

    private static async Task AnswerAsync(HttpContext context, Readiness readiness)
    {
        var report = await readiness.CheckAsync(context.RequestAborted);
        var missing = report.Entries.Where(check => check.Value.Status != HealthStatus.Healthy).Select(check => check.Key).Order(StringComparer.Ordinal).ToList();
        var answer = missing.Count == 0 ? [] : JsonAnswer.Error($"not ready: {string.Join("; ", missing.Select(name => $"{name}: {Why(report.Entries[name])}"))}");
        answer["status"] = missing.Count == 0 ? "ready" : "not ready";
        answer["missing"] = new JsonArray([.. missing.Select(name => JsonValue.Create(name))]);
        context.Response.Headers.CacheControl = "no-store";
        await JsonAnswer.ObjectAsync(context, missing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, answer);
    }

    /// <summary>A check that threw or took too long has words of the library's, which may name addresses.</summary>
    private static string Why(HealthReportEntry check) => check.Exception is null && check.Description is { } said ? said : $"did not answer within {Limit.TotalSeconds:0} s";
}
