using System.Text;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.Tests.Tools;

public sealed class AnswerTextTests
{
    [Fact]
    public void A_create_has_two_messages_and_no_reward()
    {
        var said = Of("""{"state":[{"role":"system","content":"Rules."},{"role":"user","content":"Map."}],"info":{"instance_id":"i","tools":[]}}""");

        said.Messages.ShouldBe([new AnswerMessage("system", "Rules."), new AnswerMessage("user", "Map.")]);
        said.Text.ShouldBe("Rules.\n\nMap.");
        (said.Reward, said.IsTerminated, said.EndReason, said.IsTruncated, said.Step, said.ToolText).ShouldBe((null, false, null, false, null, null));
    }

    [Fact]
    public void A_step_has_one_message_its_reward_and_its_number()
    {
        var said = Of("""{"state":[{"role":"user","content":"You go down."}],"reward":0.0,"is_terminated":false,"info":{"step":3,"tool_messages":[{"role":"tool","tool_call_id":"1","name":"move","content":"Down."}]}}""");

        (said.Text, said.Reward, said.IsTerminated, said.EndReason, said.Step, said.ToolText).ShouldBe(("You go down.", 0.0, false, null, 3, "Down."));
    }

    [Fact]
    public void The_last_step_says_why_the_episode_is_over()
    {
        var said = Of("""{"state":[{"role":"user","content":"Too late."}],"reward":0.25,"is_terminated":true,"info":{"step":4,"end_reason":"max_steps","truncated":true}}""");

        (said.Reward, said.IsTerminated, said.EndReason, said.IsTruncated).ShouldBe((0.25, true, "max_steps", true));
    }

    [Theory]
    [InlineData(@"a \ud800 b", "a � b")]
    [InlineData(@"\ud83d\ude00 \udc00\n", "\U0001F600 �\n")]
    [InlineData(@"\\ud800", @"\ud800")]
    [InlineData(@"é \""ud\"" \u00e9\ud800\ud83d\ude00", "é \"ud\" é�\U0001F600")]
    public void Half_of_a_surrogate_pair_is_shown_as_no_character(string written, string read) =>
        Of($$$"""{"state":[{"role":"user","content":"{{{written}}}"}],"reward":0,"is_terminated":false,"info":{"step":1}}""").Text.ShouldBe(read);

    private static AnswerText Of(string answer) => AnswerText.Of(Encoding.UTF8.GetBytes(answer));
}
