using System.Diagnostics;
using SandQueue.Workers.Protocols.AppWorld;

namespace SandQueue.Workers.Tests.Protocols.AppWorld;

public sealed class AppWorldCodeTests
{
    [Theory]
    [InlineData("```python\nprint(1)\n```", "print(1)")]
    [InlineData("``` py \nprint(1)\n```", "print(1)")]
    [InlineData("```python title=x\nprint(1)\n```", "print(1)")]
    [InlineData("```\nprint(1)", "print(1)")]
    [InlineData("```bash\nls\n```", null)]
    [InlineData("print(1)", null)]
    public void The_program_is_what_a_fence_holds(string content, string? program) => AppWorldCode.Find(content).ShouldBe(program);

    [Theory]
    [InlineData('a')]
    [InlineData(' ')]
    public void A_fence_without_a_line_end_is_read_in_time_that_grows_with_it(char character)
    {
        // With the square of it, this takes minutes.
        var started = Stopwatch.GetTimestamp();
        AppWorldCode.Find("```" + new string(character, 1_000_000)).ShouldBeNull();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }
}
