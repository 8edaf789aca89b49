using System.Text;
using NSubstitute;
using SandQueue.Contracts;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Solutions;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Rollouts.Tests.Solutions;

public sealed class RoutedSolutionsTests
{
    private readonly ICommandRouter _router = Substitute.For<ICommandRouter>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_environment_is_asked_in_the_tenants_name_and_its_messages_are_the_solution()
    {
        SolveInstance? sent = null;
        _router.SendAsync(Arg.Do<SolveInstance>(command => sent = command), Arg.Any<CancellationToken>())
            .Returns(Completed("""{"messages":[{"role":"assistant","content":"up"},{"role":"assistant","content":"left"}],"maximum":0.5}"""));

        var solution = await FindAsync();

        (sent!.Tenant, sent.InstanceId, sent.RemainingMs).ShouldBe(("t", "i", 5000));
        solution.Messages.Select(Encoding.UTF8.GetString).ShouldBe(["""{"role":"assistant","content":"up"}""", """{"role":"assistant","content":"left"}"""]);
        solution.Maximum.ShouldBe(0.5);
    }

    [Fact]
    public async Task An_environment_that_knows_none_refuses_every_rollout()
    {
        Answers(new CommandOutcome.Rejected(CommandReason.InvalidRequest, "the environment knows no solution"));
        var exception = await Should.ThrowAsync<PolicyException>(FindAsync());
        (exception.RefusesEverything, exception.IsRetryable).ShouldBe((true, false));
        exception.Message.ShouldContain("the environment knows no solution");
    }

    [Fact]
    public async Task What_failed_may_go_well_again()
    {
        Answers(new CommandOutcome.Unknown());
        var exception = await Should.ThrowAsync<PolicyException>(FindAsync());
        (exception.RefusesEverything, exception.IsRetryable).ShouldBe((false, true));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":1,"maximum":1}""")]
    public async Task What_is_no_solution_is_said_to_be_none(string answer)
    {
        Answers(Completed(answer));
        (await Should.ThrowAsync<PolicyException>(FindAsync())).Message.ShouldContain("no solution");
    }

    private Task<Solution> FindAsync() => new RoutedSolutions(_router).FindAsync("t", "i", TimeSpan.FromSeconds(5), Cancel);

    private void Answers(CommandOutcome outcome) => _router.SendAsync(Arg.Any<SolveInstance>(), Arg.Any<CancellationToken>()).Returns(outcome);

    private static CommandOutcome.Completed Completed(string answer) => new CommandOutcome.Completed(Encoding.UTF8.GetBytes(answer), new CommandTiming(0, 0, 0));
}
