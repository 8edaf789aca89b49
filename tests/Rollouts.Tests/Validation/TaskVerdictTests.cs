using SandQueue.Rollouts.Validation;

namespace SandQueue.Rollouts.Tests.Validation;

public sealed class TaskVerdictTests
{
    private static readonly TrialResult Won = Played(1, maximum: 1);

    [Fact]
    public void A_sound_task_has_no_failures()
    {
        var verdict = TaskVerdict.Of("t", Won, Won, Played(0), Played(0.2));
        verdict.Failed.ShouldBeEmpty();
        verdict.Noted.ShouldBeEmpty();
        (verdict.Gold, verdict.Nothing, verdict.Noise, verdict.RepeatEqual, verdict.Detail).ShouldBe((1, 0, 0.2, true, null));
    }

    [Fact]
    public void Gold_below_the_maximum_that_its_environment_names_fails()
    {
        TaskVerdict.Of("t", Played(0.5, maximum: 1), Played(0.5, maximum: 1), Played(0), Played(0)).Failed.ShouldBe([ValidationChecks.Gold]);
        TaskVerdict.Of("t", Played(0.5, maximum: 0.5), Played(0.5, maximum: 0.5), Played(0), Played(0)).Failed.ShouldBeEmpty();
    }

    [Fact]
    public void A_task_that_nobody_can_win_fails_and_is_not_played_twice()
    {
        var verdict = TaskVerdict.Of("t", new TrialResult(null, "no solution", []), null, Played(0), Played(0));
        (verdict.Failed.Single(), verdict.RepeatEqual, verdict.Detail).ShouldBe((ValidationChecks.Gold, null, "gold: no solution"));
    }

    [Fact]
    public void A_farm_that_is_away_is_no_fault_of_the_solution() =>
        TaskVerdict.Of("t", new TrialResult(null, "no room", []) { IsInfrastructure = true }, null, Played(0), Played(0)).Failed.ShouldBe([ValidationChecks.Played]);

    [Fact]
    public void Doing_nothing_must_score_less() =>
        TaskVerdict.Of("t", Won, Won, Played(1), Played(0)).Failed.ShouldBe([ValidationChecks.Nothing]);

    [Fact]
    public void Noise_that_wins_is_noted_and_no_failure()
    {
        var verdict = TaskVerdict.Of("t", Won, Won, Played(0), Played(1));
        verdict.Failed.ShouldBeEmpty();
        verdict.Noted.ShouldBe([ValidationChecks.Noise]);
    }

    [Fact]
    public void Another_byte_the_second_time_fails()
    {
        var verdict = TaskVerdict.Of("t", Won, Won with { Answers = [[1], [3]] }, Played(0), Played(0));
        (verdict.Failed.Single(), verdict.RepeatEqual).ShouldBe((ValidationChecks.Repeat, false));
        verdict.Detail.ShouldBe("gold played again differs in answer 2 of 2");
        TaskVerdict.Of("t", Won, Won with { Answers = [[1]] }, Played(0), Played(0)).Failed.ShouldBe([ValidationChecks.Repeat]);
    }

    [Fact]
    public void What_could_not_be_played_is_no_score()
    {
        var verdict = TaskVerdict.Of("t", Won, Won, new TrialResult(null, "no room", []), Played(0));
        (verdict.Failed.Single(), verdict.Nothing, verdict.Detail).ShouldBe((ValidationChecks.Played, null, "nothing: no room"));
    }

    private static TrialResult Played(double score, double? maximum = null) => new(score, null, [[1], [2]], maximum);
}
