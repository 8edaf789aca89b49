using System.Text;
using Microsoft.Data.Sqlite;
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

    public static TheoryData<CommandOutcome> Passing { get; } =
    [
        new CommandOutcome.Unknown(),
        new CommandOutcome.Rejected(CommandReason.NoCapacity, "no room"),
        new CommandOutcome.Rejected(CommandReason.OverLimit, "too many"),
        new CommandOutcome.Failed(CommandReason.OwnerChanged, "it moved", FailureCause.Infrastructure),
        new CommandOutcome.Failed(CommandReason.OtherVersion, "it is older", FailureCause.Infrastructure),
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task What_passes_is_asked_again_and_where_it_lasts_no_fault_of_the_policy(CommandOutcome outcome)
    {
        _router.SendAsync(Arg.Any<SolveInstance>(), Arg.Any<CancellationToken>()).Returns(outcome, Completed("""{"messages":[],"maximum":1}"""));
        (await FindAsync()).Maximum.ShouldBe(1);

        Answers(outcome);
        var exception = await Should.ThrowAsync<PolicyException>(FindAsync(TimeSpan.FromMilliseconds(1)));
        (exception.RefusesEverything, exception.IsRetryable, exception.IsInfrastructure).ShouldBe((false, true, true));
    }

    [Fact]
    public async Task A_database_that_is_away_is_asked_again()
    {
        _router.SendAsync(Arg.Any<SolveInstance>(), Arg.Any<CancellationToken>())
            .Returns<CommandOutcome>(_ => throw new SqliteException("unable to open database file", 14), _ => Completed("""{"messages":[],"maximum":1}"""));
        (await FindAsync()).Maximum.ShouldBe(1);
    }

    [Fact]
    public async Task An_environment_that_fails_is_not_asked_again()
    {
        Answers(new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "it broke", FailureCause.Infrastructure));
        var exception = await Should.ThrowAsync<PolicyException>(FindAsync());
        (exception.IsInfrastructure, exception.Message).ShouldBe((false, "instance 'i' was not asked for its solution: it broke"));
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

    private Task<Solution> FindAsync(TimeSpan? limit = null) => new RoutedSolutions(_router, TimeProvider.System).FindAsync("t", "i", limit ?? TimeSpan.FromSeconds(5), Cancel);

    private void Answers(CommandOutcome outcome) => _router.SendAsync(Arg.Any<SolveInstance>(), Arg.Any<CancellationToken>()).Returns(outcome);

    private static CommandOutcome.Completed Completed(string answer) => new CommandOutcome.Completed(Encoding.UTF8.GetBytes(answer), new CommandTiming(0, 0, 0));
}
