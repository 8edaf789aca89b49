using SandQueue.Dashboard.Text;

namespace SandQueue.Dashboard.Tests.Text;

public sealed class ShownTests
{
    [Theory]
    [InlineData(null, null, "–")]
    [InlineData(0.4, 12d, "0.4 · 12 ms")]
    [InlineData(250d, 1500d, "250 ms · 1.5 s")]
    [InlineData(1500d, 30_000d, "1.5 · 30 s")]
    public void Two_durations_share_their_unit(double? less, double? more, string shown) => Shown.Milliseconds(less, more).ShouldBe(shown);
}
