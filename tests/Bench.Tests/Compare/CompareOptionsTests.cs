using SandQueue.Bench.Compare;

namespace SandQueue.Bench.Tests.Compare;

public sealed class CompareOptionsTests
{
    [Fact]
    public void Everything_is_measured_three_times_if_nothing_is_said()
    {
        var options = CompareOptions.Parse([]);

        (options.Seconds, options.Repeats, options.WarmUp).ShouldBe((5, 3, 30));
        CompareOptions.Paths.Where(path => !options.Has(path)).ShouldBeEmpty();
    }

    [Fact]
    public void A_quick_run_may_be_told_more()
    {
        var options = CompareOptions.Parse(["--only", "farm,journal", "--quick", "--seconds", "2"]);

        (options.Seconds, options.Repeats).ShouldBe((2, 1));
        options.Has("embedded", "journal").ShouldBeTrue();
        options.Has("embedded").ShouldBeFalse();
    }

    [Theory]
    [InlineData("'--fast' is no option", "--fast", "1")]
    [InlineData("--seconds needs a value", "--seconds")]
    [InlineData("--repeats has to be 1 or more", "--repeats", "0")]
    [InlineData("there is no path 'fram'", "--only", "fram")]
    public void What_is_wrong_is_said(string message, params string[] args) => Should.Throw<ArgumentException>(() => CompareOptions.Parse(args)).Message.ShouldStartWith(message);
}
