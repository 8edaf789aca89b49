using System.Text;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Tests.Replay;

public sealed class ObservationTests
{
    [Fact]
    public void A_long_answer_is_cut_between_whole_characters()
    {
        var begun = new string('x', 1999);
        var answer = Encoding.UTF8.GetBytes($"{begun}😀");
        new Observation(answer, Reward: null, End: null).ToString().ShouldBe($"{begun}… (2003 bytes)");
    }
}
