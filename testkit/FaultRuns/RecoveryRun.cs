using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SandQueue.FaultRuns.Clients;
using SandQueue.FaultRuns.Farm;
using SandQueue.Testing;

namespace SandQueue.FaultRuns;

/// <summary>Kills a worker that holds all instances, and measures how long each takes until another worker has rebuilt and stepped it.</summary>
public sealed class RecoveryRun(RabbitMqServer rabbit, PostgresServer postgres, int instances, int steps, TimeSpan lease, bool docker)
{
    /// <returns>The figures, as a line of JSON.</returns>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var engine = docker ? (await ContainerEngine.StartAsync(cancellationToken)).Engine : null;
        await using var _ = engine;
        var options = new FaultRunOptions { Lease = lease, Instances = instances };
        await using var farm = await FaultFarm.StartAsync(rabbit, postgres, engine, options, workers: 1);
        using var caller = new CommandCaller(() => [.. farm.Gateways.Select(gateway => gateway.Address)], TimeSpan.FromMinutes(5));
        await EachAsync(async number =>
        {
            await AskAsync(number, CommandKind.Create, """{"env_type":"frozenlake","task_id":"16x16-1","instance_id":"r$"}""", "create");
            for (var step = 1; step <= steps; step++) await StepAsync(number, step);
        });
        foreach (var worker in farm.Workers.Skip(1)) worker.Start();
        await farm.WholeAsync();

        var killed = Stopwatch.GetTimestamp();
        await farm.Workers[0].Program.KillAsync();
        var seconds = new double[instances];
        await EachAsync(async number =>
        {
            await StepAsync(number, steps + 1);
            seconds[number] = Stopwatch.GetElapsedTime(killed).TotalSeconds;
        });
        Array.Sort(seconds);
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["runtime"] = farm.Runtime,
            ["instances"] = instances,
            ["steps_each"] = steps,
            ["lease_seconds"] = lease.TotalSeconds,
            ["first_answers_after_s"] = Math.Round(seconds[0], 2),
            ["median_s"] = Math.Round(seconds[instances / 2], 2),
            ["last_answers_after_s"] = Math.Round(seconds[^1], 2),
        });

        Task EachAsync(Func<int, Task> act) => Task.WhenAll(Enumerable.Range(0, instances).Select(act));

        Task StepAsync(int number, int step) =>
            AskAsync(number, CommandKind.Step, """{"instance_id":"r$","messages":{"role":"assistant","content":"<action>up</action>"}}""", string.Create(CultureInfo.InvariantCulture, $"step-{step}"));

        async Task AskAsync(int number, CommandKind kind, string body, string name)
        {
            var command = new SentCommand
            {
                Kind = kind,
                Key = string.Create(CultureInfo.InvariantCulture, $"r{number}.{name}"),
                HasHeader = true,
                Body = Encoding.UTF8.GetBytes(body.Replace("$", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)),
            };
            await caller.AskAsync(command, number, cancellationToken);
            if (command.Told != ToldEnd.Completed) throw new InvalidOperationException($"{command.Key} was answered {command.Status} {command.AnswerText}");
        }
    }
}
