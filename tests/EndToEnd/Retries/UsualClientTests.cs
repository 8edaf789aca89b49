using System.Globalization;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Retries;

/// <summary>The usual client's retries, without a key and without a step number: what of them runs twice.</summary>
[Collection(nameof(Life.TimedAlone))]
public sealed class UsualClientTests
{
    private const int Clients = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_step_that_outlasts_its_callers_timeout_runs_once()
    {
        // A try is given up after 2 s, and the next begins 2 s later. The first ends while the second try waits for it, the second while nobody does, the others within the first
        // try. None ends within a second of a change, so that a machine which stands still for a moment makes no other case of it.
        string[] actions = ["hang 5s", "hang 3s", "echo quick"];
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty"));
        await using var proxy = new TcpProxy(program.Address.Port);

        var clients = await PlayAsync(_ => proxy, (client, _) => actions.Aggregate(Task.CompletedTask, async (before, action) =>
        {
            await before;
            await client.StepAsync(action);
        }));

        var (words, twice) = Counted("steps that ran longer than their caller waited", program, clients);
        clients.Sum(client => client.Retries).ShouldBeGreaterThanOrEqualTo(Clients * 2);
        twice.ShouldBe(0, words);
        clients.ShouldAllBe(client => !client.GaveUp, words);
    }

    [Fact]
    public async Task A_step_whose_connection_breaks_while_it_runs_runs_once()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty"));
        var proxies = Enumerable.Range(0, Clients).Select(_ => new TcpProxy(program.Address.Port)).ToList();

        var clients = await PlayAsync(number => proxies[number], async (client, proxy) =>
        {
            // The first ends while nobody waits for it, the second while the second try does.
            foreach (var length in (int[])[1000, 3000])
            {
                var asked = proxy.Asked;
                var step = client.StepAsync(string.Create(CultureInfo.InvariantCulture, $"hang {length}ms"));
                await Until.TrueAsync("the step is under way", () => Task.FromResult(proxy.Asked > asked || step.IsCompleted), Limit);
                proxy.Cut();
                proxy.Restore();
                await step;
            }
        });

        foreach (var proxy in proxies) await proxy.DisposeAsync();
        var (words, twice) = Counted("steps whose connection was cut while they ran", program, clients);
        clients.Sum(client => client.Retries).ShouldBePositive();
        twice.ShouldBe(0, words);
        clients.ShouldAllBe(client => !client.GaveUp, words);
    }

    /// <summary>Nobody but the caller can know that what was delivered never arrived: the README says that this is not protected.</summary>
    [Fact]
    public async Task An_answer_that_is_lost_after_it_was_delivered_costs_one_step_more_and_no_more()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty"));
        await using var proxy = new TcpProxy(program.Address.Port);
        var (answers, lost) = (0, 0);
        proxy.BeforeAnswer = _ =>
        {
            var drop = Interlocked.Increment(ref answers) % 5 == 0;
            if (drop) Interlocked.Increment(ref lost);
            return Task.FromResult(!drop);
        };

        var clients = await PlayAsync(_ => proxy, async (client, _) =>
        {
            for (var step = 1; step <= 10; step++) await client.StepAsync(string.Create(CultureInfo.InvariantCulture, $"echo {step}"));
        });

        var (words, twice) = Counted($"{lost} answers lost after they were delivered", program, clients);
        lost.ShouldBePositive();

        // A slow machine lets calls time out too: none of those may run twice for more than itself.
        var timedOut = Math.Max(0, clients.Sum(client => client.Retries) - lost);
        twice.ShouldBeInRange(0, lost + timedOut, words);
    }

    private static async Task<IReadOnlyList<UsualClient>> PlayAsync(Func<int, TcpProxy> way, Func<UsualClient, TcpProxy, Task> play)
    {
        var clients = Enumerable.Range(0, Clients).Select(number => new UsualClient(new Uri($"http://127.0.0.1:{way(number).Port}"), $"usual-{number}")).ToList();
        await Task.WhenAll(clients.Select(async (client, number) =>
        {
            using (client)
            {
                await client.CreateAsync("faulty", "plain");
                await play(client, way(number));
            }
        }));
        return clients;
    }

    /// <returns>What happened, in words, and how many steps ran twice.</returns>
    private static (string Words, int Twice) Counted(string what, RunningProgram program, IReadOnlyList<UsualClient> clients)
    {
        // A row outside of an episode is the end of a step that got another one's answer.
        var rows = Journal.Query(program.Database, "SELECT episode_id, CAST(action AS TEXT) FROM journal WHERE kind = 2 AND \"end\" = 1 AND episode_id IS NOT NULL ORDER BY episode_id, step")
            .Select(row => $"{row[0]} {row[1]}").ToList();
        var twice = rows.Zip(rows.Skip(1)).Count(pair => pair.First == pair.Second);
        var words = $"{what}: {rows.Count} steps in the journal, {clients.Sum(client => client.Retries)} retries, {twice} ran twice, {clients.Count(client => client.GaveUp)} clients gave up";
        TestContext.Current.TestOutputHelper!.WriteLine(words);
        return (words, twice);
    }
}
