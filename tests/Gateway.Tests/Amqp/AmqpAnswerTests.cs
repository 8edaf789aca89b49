using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Amqp;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.Amqp;

public sealed class AmqpAnswerTests
{
    private static readonly StepInstance Step = new() { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i", Action = [] };

    [Fact]
    public void An_answer_passes_through_as_the_bytes_that_it_is() =>
        Text(new CommandOutcome.Completed("""{"reward": 1.0}"""u8.ToArray(), new CommandTiming(0, 0, 0))).ShouldBe(
            """{"command_id":"c","command":"step","instance_id":"i","end":"completed","answer":{"reward": 1.0}}""");

    [Fact]
    public void A_refusal_says_why() =>
        Text(new CommandOutcome.Rejected(CommandReason.UnknownInstance, "no such thing")).ShouldBe(
            """{"command_id":"c","command":"step","instance_id":"i","end":"rejected","reason":"unknown_instance","detail":"no such thing"}""");

    [Fact]
    public void A_detail_is_one_line()
    {
        using var answer = JsonDocument.Parse(Text(new CommandOutcome.Rejected(CommandReason.InvalidRequest, "a\nb\u001b[2J")));
        answer.RootElement.GetProperty("detail").GetString().ShouldBe(OneLine.Of("a\nb\u001b[2J"));
    }

    [Fact]
    public void A_failure_has_no_reward() =>
        Text(new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "died", FailureCause.Infrastructure)).ShouldEndWith(
            ""","end":"failed","reason":"environment_failed","detail":"died","reward":null,"valid":false,"cause":"infrastructure"}""");

    [Fact]
    public void An_end_that_is_unknown_has_no_reward_and_says_what_to_do() =>
        Text(new CommandOutcome.Unknown()).ShouldEndWith(
            ""","end":"unknown","reason":"unknown","detail":"whether the command took effect is unknown now; send it again under the same message_id","reward":null,"valid":false}""");

    private static string Text(CommandOutcome outcome) => Encoding.UTF8.GetString(AmqpAnswer.Of(Step, outcome));
}
