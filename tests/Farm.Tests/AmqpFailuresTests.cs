using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>Gateways and the broker end while a trainer in Python publishes: no command is lost, and none executed twice.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class AmqpFailuresTests(SharedFarm farm)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>125 commands and 2 kills; with <c>SANDQUEUE_TEST_GATEWAY_KILLS=20</c> 5,000 and 20.</summary>
    [Fact]
    public async Task Gateways_are_killed()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("SANDQUEUE_TEST_GATEWAY_KILLS") ?? "2", CultureInfo.InvariantCulture);

        var counts = await PublishAsync(Math.Max(25, 5 * kills), ((5 * kills) + 1) / 2, kills, farm.KillGatewayAsync);

        counts.GetProperty("connections").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task The_broker_is_restarted()
    {
        await farm.WithAmqpAsync();
        Assert.SkipUnless(farm.Rabbit.IsOurs, "stops the broker, which a named one is not for");

        var counts = await PublishAsync(episodes: 150, rounds: 4, faults: 2, async () =>
        {
            await farm.Rabbit.StopAsync();
            await farm.Rabbit.RunAsync();
        });

        counts.GetProperty("connections").GetInt32().ShouldBeInRange(2, 3, "the last replies may come before the broker stops");
    }

    /// <summary>Lets a trainer publish the next command of each episode at once, again and again.</summary>
    /// <param name="episodes">How many it plays.</param>
    /// <param name="rounds">The commands of each.</param>
    /// <param name="faults">How often something happens, each time while the replies of a burst come.</param>
    /// <param name="fault">What happens.</param>
    /// <returns>What the trainer counted.</returns>
    private async Task<JsonElement> PublishAsync(int episodes, int rounds, int faults, Func<Task> fault)
    {
        Assert.SkipUnless(Trainers.HasPika, Trainers.NoPika);
        await farm.WithAmqpAsync();
        var (run, happened, started) = ($"failures-{Guid.NewGuid().ToString("n")[..8]}", 0, Stopwatch.GetTimestamp());
        using var trainer = StartTrainer(run, episodes, rounds);
        JsonElement counts;
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                await trainer.StandardInput.WriteLineAsync("go");
                await trainer.StandardInput.FlushAsync(Cancel);
                await ReadAsync(trainer, "published");
                if ((round + 1) * faults / rounds > happened)
                {
                    // At another place in the burst each time.
                    for (var replies = 0; replies < happened * 7 % episodes; replies++) await ReadAsync(trainer, "reply");
                    await fault();
                    happened++;
                }

                await ReadAsync(trainer, "answered");
            }

            counts = JsonSerializer.Deserialize<JsonElement>((await trainer.StandardOutput.ReadLineAsync(Cancel).AsTask().WaitAsync(Limit, Cancel))!);
        }
        finally
        {
            if (!trainer.HasExited) trainer.Kill();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{happened} times within {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s: {counts}");
        happened.ShouldBe(faults);
        counts.GetProperty("published").GetInt32().ShouldBe(episodes * rounds);
        counts.GetProperty("completed").GetInt32().ShouldBe(episodes * rounds, counts.ToString());
        counts.GetProperty("differing").GetInt32().ShouldBe(0, "whoever is answered twice is answered the same");
        for (var episode = 0; episode < episodes; episode++)
        {
            (await farm.Database.StepsAsync($"{run}-{episode}")).Select(row => row.Step).ShouldBe(Enumerable.Range(1, rounds - 2), $"episode {episode}");
        }

        return counts;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Process StartTrainer(string run, int episodes, int rounds) => Process.Start(new ProcessStartInfo(
        Trainers.Python, [Path.Combine(Repository.Root, "tests", "Farm.Tests", "Parts", "publish_commands.py"), run, Walk.LongTask, $"{episodes}", $"{rounds}"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        Environment = { ["BROKER"] = farm.Broker.ToString() },
    })!;

    /// <summary>Reads on until the trainer says so.</summary>
    private static async Task ReadAsync(Process trainer, string word)
    {
        string? line;
        do
        {
            line = await trainer.StandardOutput.ReadLineAsync(Cancel).AsTask().WaitAsync(Limit, Cancel) ?? throw new InvalidOperationException($"the trainer ended before it said '{word}'; its errors are above");
        }
        while (line != word);
    }
}
