using System.Text;
using SandQueue.Workers.Runtimes;

namespace SandQueue.Workers.Tests.Runtimes;

public sealed class OutputLinesTests
{
    [Fact]
    public void A_long_line_is_cut_between_whole_characters()
    {
        var begun = new string('x', 1999);
        List<string> printed = [];
        var lines = new OutputLines(printed.Add);

        lines.Take(Encoding.UTF8.GetBytes($"{begun}😀\n{begun}yz\n😀"));
        lines.End();

        printed.ShouldBe([begun, $"{begun}y", "😀"]);
    }
}
