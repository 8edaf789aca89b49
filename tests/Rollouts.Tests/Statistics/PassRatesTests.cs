using CsCheck;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Tests.Statistics;

public sealed class PassRatesTests
{
    private const double Tight = 1e-12;

    /// <summary>By binomials: C(5,3)/C(10,3) = 10/120 are without a success, C(5,3)/C(10,3) all successes; C(8,3)/C(10,3) = 56/120.</summary>
    [Theory]
    [InlineData(10, 5, 3, 1 - (10 / 120.0), 10 / 120.0)]
    [InlineData(10, 2, 3, 1 - (56 / 120.0), 0)]
    [InlineData(4, 3, 1, 0.75, 0.75)]
    [InlineData(4, 0, 4, 0, 0)]
    [InlineData(4, 4, 4, 1, 1)]
    [InlineData(4, 1, 4, 1, 0)]
    public void They_are_shares_of_the_choices_of_k(int rollouts, int successes, int k, double passAt, double passHat)
    {
        PassRates.PassAt(rollouts, successes, k).ShouldBe(passAt, Tight);
        PassRates.PassHat(rollouts, successes, k).ShouldBe(passHat, Tight);
    }

    [Fact]
    public void They_are_what_counting_all_choices_gives() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[0, 9], Gen.Int[1, 9]).Where((n, c, k) => c <= n && k <= n).Sample((n, c, k) =>
        {
            var choices = Enumerable.Range(0, 1 << n).Where(choice => int.PopCount(choice) == k).ToList();
            var successes = (1 << c) - 1;

            PassRates.PassAt(n, c, k).ShouldBe(choices.Count(choice => (choice & successes) != 0) / (double)choices.Count, Tight);
            PassRates.PassHat(n, c, k).ShouldBe(choices.Count(choice => (choice & ~successes) == 0) / (double)choices.Count, Tight);
        });

    [Fact]
    public void Tasks_with_fewer_rollouts_than_k_are_left_out_and_counted()
    {
        var rates = PassRates.Of([(4, 2), (4, 4), (1, 1)]);

        rates.Select(rate => rate.K).ShouldBe([1, 2, 4]);
        rates.Select(rate => (rate.Tasks, rate.TasksLeftOut)).ShouldBe([(3, 0), (2, 1), (2, 1)]);
        rates[0].PassAtK.ShouldBe((0.5 + 1 + 1) / 3, Tight);
        rates[2].PassHatK.ShouldBe(0.5, Tight);
    }

    [Fact]
    public void Nothing_has_no_rate() => PassRates.Of([]).ShouldBeEmpty();

    [Fact]
    public void Large_numbers_stay_numbers() => PassRates.PassAt(100_000, 1, 50_000).ShouldBe(0.5, 1e-9);
}
