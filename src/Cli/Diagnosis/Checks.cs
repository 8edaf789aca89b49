using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Diagnosis;

/// <summary>The checks of <c>doctor</c>, from the gateway inwards; what cannot be looked at because of what failed before is left out.</summary>
internal static class Checks
{
    public const string Gateway = "gateway";

    public static async IAsyncEnumerable<Finding> RunAsync(Call call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var alive = await TryAsync(() => call.Api.TextAsync(HttpMethod.Get, "healthz", body: null, cancellationToken));
        if (alive.Wrong is { } dead)
        {
            yield return new Finding(Gateway, Finding.Fail, dead.Message, "start one with 'dotnet run --project src/Gateway', or with docker compose, and wait until it says that it listens");
            yield break;
        }

        yield return new Finding(Gateway, Finding.Ok, $"{call.Api.Gateway} answers");
        yield return await ReadinessAsync(call, cancellationToken);

        var environments = await TryAsync(() => call.Api.GetAsync("v1/environments", cancellationToken));
        yield return KeyFinding(call, environments.Wrong);
        if (environments.Wrong is not null) yield break;

        foreach (var finding in Environments(environments.Answer!)) yield return finding;
        yield return await WorkersAsync(call, cancellationToken);
        yield return await BatchesAsync(call, cancellationToken);
    }

    private static async Task<Finding> ReadinessAsync(Call call, CancellationToken cancellationToken)
    {
        var ready = await TryAsync(() => call.Api.TextAsync(HttpMethod.Get, "readyz", body: null, cancellationToken));
        return ready.Wrong is null
            ? new Finding("readiness", Finding.Ok, "commands can be executed")
            : new Finding("readiness", Finding.Fail, $"commands cannot be executed: {ready.Wrong.Message}", $"look at {call.Api.Gateway}/readyz: it says which of database, broker and workers is away");
    }

    private static Finding KeyFinding(Call call, CliException? wrong) => wrong switch
    {
        null => new Finding("key", Finding.Ok, call.Api.Gateway.Key is null ? "none is given and none is needed" : "it is accepted"),
        { Code: ExitCode.Refused } => new Finding("key", Finding.Fail, wrong.Message, call.Api.Gateway.Key is null ? $"put the key into a file and name it by --key-file, or set {GatewayAddress.KeyVariable}" : "the key is not good here; an administrator makes one with 'sandqueue keys create TENANT'"),
        _ => new Finding("key", Finding.Fail, wrong.Message),
    };

    private static IEnumerable<Finding> Environments(JsonObject answer)
    {
        var served = answer.List("environments") ?? [];
        yield return served.Count > 0
            ? new Finding("environments", Finding.Ok, string.Join(", ", served.Select(environment => $"{environment.Text("env_type")} ({Figures.Count(environment.Number("tasks") ?? 0)} tasks)")))
            : new Finding("environments", Finding.Fail, "none is served", "start a worker; its log says which environments it serves, or why not");
        foreach (var environment in served)
            foreach (var problem in environment.List("problems") ?? [])
                yield return new Finding("environments", Finding.Warn, $"{environment.Text("env_type")}: {problem}", "its other tasks can be played");
    }

    private static async Task<Finding> WorkersAsync(Call call, CancellationToken cancellationToken)
    {
        var (answer, wrong) = await TryAsync(() => call.Api.GetAsync("v1/workers", cancellationToken));
        if (wrong is not null) return new Finding("workers", wrong.Code == ExitCode.Refused ? Finding.Ok : Finding.Fail, wrong.Code == ExitCode.Refused ? "not looked at: this needs an admin key" : wrong.Message);

        var workers = answer.List("workers") ?? [];
        var free = workers.Sum(worker => worker.Number("free_slots") ?? 0);
        return (workers.Count, free) switch
        {
            (0, _) => new Finding("workers", Finding.Fail, "none lives", "start one"),
            (_, 0) => new Finding("workers", Finding.Warn, $"{workers.Count} live, without a free slot", "wait, release instances, or start further workers"),
            _ => new Finding("workers", Finding.Ok, $"{workers.Count} live, with {Figures.Count(free)} free slots"),
        };
    }

    private static async Task<Finding> BatchesAsync(Call call, CancellationToken cancellationToken)
    {
        var (answer, wrong) = await TryAsync(() => call.Api.GetAsync("v1/batches?limit=100", cancellationToken));
        if (wrong is not null) return new Finding("batches", Finding.Fail, wrong.Message);

        var paused = (answer.List("batches") ?? []).Where(batch => batch.Text("state") == "paused").ToList();
        return paused.Count == 0
            ? new Finding("batches", Finding.Ok, "none is paused")
            : new Finding("batches", Finding.Warn, $"{paused[0].Text("batch_id")} is paused{(paused[0].Text("pause_reason") is { } reason ? $": {reason}" : "")}{(paused.Count > 1 ? $", and {paused.Count - 1} further" : "")}", $"'sandqueue batch resume {paused[0].Text("batch_id")}' goes on");
    }

    private static async Task<(T? Answer, CliException? Wrong)> TryAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return (await ask(), null);
        }
        catch (CliException exception)
        {
            return (null, exception);
        }
    }
}
