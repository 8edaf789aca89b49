using SandQueue.Farm.Tests.Parts;

namespace SandQueue.Farm.Tests;

/// <summary>Several gateways and several workers are one service.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class EpisodesOverManyProcessesTests(SharedFarm farm)
{
    [Fact]
    public async Task A_step_sent_to_either_gateway_reaches_the_instance()
    {
        await farm.WholeAsync();
        var alternating = await Walk.RunAsync(farm.Gateways[0], farm.Gateways, "either", steps: 6);
        var isolated = await Walk.RunAsync(farm.Gateways[1], [farm.Gateways[1]], "alone", steps: 6);
        alternating.ShouldBe(isolated);
        (await farm.Database.StepsAsync("either")).Select(step => step.Step).ShouldBe(Enumerable.Range(1, 6));
    }

    [Fact]
    public async Task Workers_compete_for_creates_so_that_each_gets_some()
    {
        await farm.WholeAsync();
        var created = await Task.WhenAll(Enumerable.Range(0, 60).Select(index => farm.Gateways[index % 2].CreateAsync($"spread-{index}")));
        created.ShouldAllBe(answer => answer.Status == 200);

        var owners = await farm.Database.OwnersAsync("spread-");

        owners.Values.Sum().ShouldBe(60);
        farm.Living.ShouldAllBe(worker => owners.Keys.Any(worker.Is), $"instances went to {string.Join(", ", owners)}");
        await Task.WhenAll(Enumerable.Range(0, 60).Select(index => farm.Gateways[index % 2].ReleaseAsync($"spread-{index}")));
    }

    [Fact]
    public async Task Two_hundred_episodes_at_once_end_without_an_error()
    {
        await farm.WholeAsync();
        var walks = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            index => Walk.RunAsync(farm.Gateways[index % 2], [farm.Gateways[(index + 1) % 2], farm.Gateways[index % 2]], $"many-{index}", steps: 4)));
        walks.ShouldAllBe(seen => seen.SequenceEqual(walks[0]));
    }

    [Fact]
    public async Task One_key_sent_to_two_gateways_at_once_is_one_step()
    {
        await farm.WholeAsync();
        await farm.Gateways[0].CreateAsync("twice", Walk.LongTask);
        for (var step = 1; step <= 10; step++)
        {
            var key = $"twice-{step}";
            var answers = await Task.WhenAll(farm.Gateways.Select(gateway => gateway.StepAsync("twice", "left", key)));
            answers[0].Good.GetRawText().ShouldBe(answers[1].Good.GetRawText());
        }

        (await farm.Database.StepsAsync("twice")).Select(step => step.Step).ShouldBe(Enumerable.Range(1, 10));
    }
}
