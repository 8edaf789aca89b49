using SandQueue.Farm.Tests.Parts;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>Workers, gateways and the broker end or stand still while they are needed.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class ProcessesThatDieTests(SharedFarm farm)
{
    private const int Clients = 64;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Instances_of_a_killed_worker_go_on_at_others_as_if_nothing_had_happened()
    {
        await farm.WholeAsync();
        string[] names = [.. Enumerable.Range(0, 9).Select(index => $"killed-{index}")];
        await Task.WhenAll(names.Select(async name =>
        {
            _ = (await farm.Gateways[0].CreateAsync(name, Walk.Task)).Good;
            for (var step = 1; step <= 3; step++) await Walk.StepAsync(farm.Gateways[0], name, step);
        }));
        var killed = farm.Owner(await farm.Database.OwnerAsync(names[0]));

        await killed.Program.KillAsync();
        var after = await Task.WhenAll(names.Select(async name =>
        {
            var seen = new List<string>();
            for (var step = 4; step <= 6; step++)
            {
                var (number, key) = (step, $"{name}-{step}");
                seen.Add(Walk.Seen((await Walk.PersistAsync(farm.Gateways, gateway => gateway.StepAsync(name, number % 2 == 0 ? "up" : "left", key))).Good));
            }

            seen.Add((await farm.Gateways[1].EvaluateAsync(name)).Good.GetRawText());
            return seen;
        }));

        await farm.WholeAsync();
        var twin = await Walk.RunAsync(farm.Gateways[0], farm.Gateways, "undisturbed", steps: 6);
        after.ShouldAllBe(seen => seen.SequenceEqual(twin.Skip(3)));
        foreach (var name in names) (await farm.Database.StepsAsync(name)).Select(step => step.Step).ShouldBe(Enumerable.Range(1, 6));
        var moved = await farm.Database.StepsAsync(names[0]);
        moved[^1].Epoch.ShouldBeGreaterThan(moved[0].Epoch);
        killed.Is(moved[^1].Worker).ShouldBeFalse();
    }

    [Fact]
    public async Task A_worker_that_stood_still_beyond_its_lease_doubles_nothing_and_comes_back_under_another_name()
    {
        await farm.WholeAsync();
        _ = (await farm.Gateways[0].CreateAsync("still", Walk.Task)).Good;
        await Walk.StepAsync(farm.Gateways[0], "still", 1);
        var before = await farm.Database.OwnerAsync("still");
        var stopped = farm.Owner(before);

        await stopped.Program.SignalAsync("STOP");
        var second = await Walk.PersistAsync(farm.Gateways, gateway => gateway.StepAsync("still", "up", "still-2"));
        await stopped.Program.SignalAsync("CONT");

        await Until.TrueAsync("it comes back", async () => (await farm.Database.WorkersAsync()).Any(name => stopped.Is(name) && name != before), Limit, () => stopped.Program.LastOutput);
        var third = await Walk.PersistAsync(farm.Gateways, gateway => gateway.StepAsync("still", "left", "still-3"));

        var steps = await farm.Database.StepsAsync("still");
        steps.Select(step => step.Step).ShouldBe([1, 2, 3]);
        steps.Skip(1).ShouldAllBe(step => step.Worker != before);
        (await farm.Database.OwnerAsync("still")).ShouldNotBe(before);
        var twin = await Walk.RunAsync(farm.Gateways[1], farm.Gateways, "moving", steps: 3);
        new[] { Walk.Seen(second.Good), Walk.Seen(third.Good) }.ShouldBe(twin.Skip(1).Take(2));
    }

    [Fact]
    public async Task Clients_of_a_killed_gateway_go_on_at_another_and_every_step_is_taken_once()
    {
        await farm.WholeAsync();
        var doomed = await farm.StartGatewayAsync();
        await Until.TrueAsync("the gateway knows frozenlake", async () => (await doomed.ListTasksAsync()).Status == 200, Limit);
        var answered = 0;
        var clients = Enumerable.Range(0, 16).Select(async client =>
        {
            var name = $"failover-{client}";
            await Walk.PersistAsync([doomed, farm.Gateways[0]], gateway => gateway.CreateAsync(name, Walk.LongTask, $"{name}-0"));
            for (var step = 1; step <= 10; step++)
            {
                var key = $"{name}-{step}";
                var answer = await Walk.PersistAsync([doomed, farm.Gateways[0]], gateway => gateway.StepAsync(name, "left", key));
                answer.Good.GetProperty("info").GetProperty("step").GetInt32().ShouldBe(step);
                Interlocked.Increment(ref answered);
            }
        }).ToList();

        await Until.TrueAsync("some steps are answered", () => Task.FromResult(Volatile.Read(ref answered) >= 20), Limit);
        await doomed.Program.KillAsync();
        await Task.WhenAll(clients);

        for (var client = 0; client < 16; client++)
        {
            (await farm.Database.StepsAsync($"failover-{client}")).Select(step => step.Step).ShouldBe(Enumerable.Range(1, 10));
        }
    }

    [Fact]
    public async Task A_broker_that_is_restarted_under_load_leaves_nothing_hanging()
    {
        await farm.WholeAsync();
        Assert.SkipUnless(farm.Rabbit.IsOurs, "stops the broker, which a named one is not for");
        var clients = new StubbornClients(farm.Gateways, "restart", Clients, least: 6);
        await clients.AnswerMoreAsync(Clients);

        await farm.Rabbit.StopAsync();
        await farm.Rabbit.RunAsync();

        var steps = await clients.EndAsync(farm.Database);
        TestContext.Current.TestOutputHelper?.WriteLine($"{steps.Sum()} steps of {Clients} clients: none stuck, {clients.Failed} calls failed by their deadline and were asked again");
        var after = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Walk.RunAsync(farm.Gateways[client % 2], farm.Gateways, $"after-{client}", steps: 4)));
        after.ShouldAllBe(seen => seen.SequenceEqual(after[0]));
        farm.Living.Count.ShouldBe(3);
        farm.Gateways.ShouldAllBe(gateway => !gateway.Program.HasExited);
    }
}
