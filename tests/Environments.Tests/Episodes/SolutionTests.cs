using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;
using SandQueue.Environments.Countdown;
using SandQueue.Environments.Episodes;
using SandQueue.Environments.Faulty;
using SandQueue.Environments.FrozenLake;
using SandQueue.Environments.Tests.Bfcl;
using SandQueue.Environments.WebShop;
using SandQueue.Testing;

namespace SandQueue.Environments.Tests.Episodes;

public sealed class SolutionTests
{
    [Fact]
    public void Every_task_of_the_bfcl_sample_is_won_by_its_solution() => SolutionCheck.Failures(BfclEnvironment.Load(null)).ShouldBeEmpty();

    [Fact]
    public void Every_listed_lake_is_crossed_by_its_solution() => SolutionCheck.Failures(new FrozenLakeEnvironment()).ShouldBeEmpty();

    [Fact]
    public void Every_listed_puzzle_is_solved_by_its_solution() => SolutionCheck.Failures(new CountdownEnvironment()).ShouldBeEmpty();

    [Theory]
    [InlineData("20-3")]
    [InlineData("12-17")]
    public void A_puzzle_of_many_numbers_is_solved_too(string task) => SolutionCheck.Failure(new CountdownEnvironment(), task).ShouldBeNull();

    [Fact]
    public void Every_goal_of_the_shops_sample_is_bought_by_its_solution() => SolutionCheck.Failures(WebShopEnvironment.Load(null)).ShouldBeEmpty();

    [Fact]
    public void Every_goal_of_the_shops_sample_can_be_met_in_full()
    {
        var shop = WebShopEnvironment.Load(null);
        foreach (var task in shop.ListTasks("all"))
        {
            using var instance = shop.Create(task, EpisodeParameters.None);
            ((ISolvable)instance).Solve(CancellationToken.None).Maximum.ShouldBe(1, task);
        }
    }

    [Fact]
    public void An_environment_without_solutions_says_so()
    {
        var faulty = FaultyEnvironment.All()[0];
        using var episode = new Episode(faulty.Create(faulty.ListTasks("train")[0], EpisodeParameters.None), maxSteps: null);
        Should.Throw<InvalidRequestException>(() => episode.Solve(CancellationToken.None)).Message.ShouldBe("the environment knows no solution");
    }

    [Fact]
    public void Every_official_bfcl_task_is_won_by_its_solution_but_those_that_contradict_themselves() => SolutionCheck.Failures(RealData.Require()).ShouldBe(
        [
            // A list of "any" is read as texts, and its possible answers are texts, numbers and booleans.
            "simple_java_36: it knows no solution",
            "simple_java_65: it knows no solution",
            // No value is possible for some required parameters.
            "live_simple_106-63-0: it knows no solution",
            "live_simple_112-68-0: it knows no solution",
            // One parameter is wanted that is not described, and one that is required is not among the possible.
            "live_multiple_862-181-3: it knows no solution",
            "live_multiple_964-207-0: it knows no solution",
        ],
        ignoreOrder: true);

    [Fact]
    public void Goals_of_the_public_catalogue_are_bought_by_their_solutions()
        => SolutionCheck.Failures(WebShopEnvironment.Load(SharedFolder.Require("data/webshop")), most: 2000).ShouldBeEmpty();
}
