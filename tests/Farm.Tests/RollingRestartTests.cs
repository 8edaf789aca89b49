using SandQueue.Farm.Tests.Parts;

namespace SandQueue.Farm.Tests;

/// <summary>Workers that are asked to leave, one after the other, under clients that send no ids and never ask twice.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class RollingRestartTests(SharedFarm farm)
{
    private const int Clients = 12;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_rolling_restart_of_all_workers_loses_nothing()
    {
        await farm.WholeAsync();
        string[] names = [.. Enumerable.Range(0, Clients).Select(index => $"rolling-{index}")];
        foreach (var name in names) _ = (await farm.Gateways[0].CreateAsync(name, Walk.LongTask)).Good;
        using var over = new CancellationTokenSource();
        var clients = names.Select((name, index) => PlayAsync(name, farm.Gateways[index % 2], over.Token)).ToList();

        foreach (var worker in farm.Living.ToList())
        {
            if (worker == farm.Living[0]) await worker.Program.SignalAsync("TERM");
            else await DrainAsync(worker);
            (await worker.Program.ExitCodeAsync(Limit)).ShouldBe(0, worker.Program.LastOutput);
            await farm.WholeAsync();
        }

        await over.CancelAsync();
        foreach (var (name, steps) in names.Zip(await Task.WhenAll(clients)))
        {
            (await farm.Database.StepsAsync(name)).Select(step => step.Step).ShouldBe(Enumerable.Range(1, steps));
            _ = (await farm.Gateways[0].ReleaseAsync(name)).Good;
        }
    }

    private async Task DrainAsync(WorkerProgram worker)
    {
        var name = (await farm.Database.WorkersAsync()).Single(worker.Is);
        (await farm.Gateways[0].PostAsync($"admin/workers/{name}/drain", [], key: null)).Status.ShouldBe(202);
    }

    /// <summary>Walks to and fro at the edge of a large lake, and takes every answer for what it says.</summary>
    private static async Task<int> PlayAsync(string name, GatewayProgram gateway, CancellationToken over)
    {
        var step = 0;
        while (!over.IsCancellationRequested)
        {
            var answer = await gateway.StepAsync(name, "up");
            answer.Status.ShouldBe(200, answer.Body.ToString());
            answer.Good.GetProperty("info").GetProperty("step").GetInt32().ShouldBe(++step);
            if (answer.Good.GetProperty("is_terminated").GetBoolean()) return step;
        }

        return step;
    }
}
