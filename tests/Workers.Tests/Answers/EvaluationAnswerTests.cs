using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using static SandQueue.Workers.Tests.Answers.AnswerBytes;

namespace SandQueue.Workers.Tests.Answers;

public sealed class EvaluationAnswerTests
{
    private static readonly byte[] Provenance = """{"seed":3}"""u8.ToArray();

    [Theory]
    [InlineData("1.0", 1)]
    [InlineData(" 0.25 ", 0.25)]
    [InlineData("-1e-3", -0.001)]
    public void A_number_is_the_whole_answer(string json, double reward)
    {
        var answer = EvaluationAnswer.Compose(Utf8(json), Provenance);
        (Text(answer.Answer), answer.Reward).ShouldBe((json, reward));
    }

    [Fact]
    public void An_object_gets_the_episodes_provenance_and_no_other()
    {
        var answer = EvaluationAnswer.Compose(Utf8("""{"score":1.0,"provenance":{"a":"lie"},"details":[ 1 ]}"""), Provenance);
        (Text(answer.Answer), answer.Reward).ShouldBe(("""{"score":1.0,"details":[ 1 ],"provenance":{"seed":3}}""", 1.0));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"score":null}""")]
    [InlineData("""{"score":"1"}""")]
    [InlineData("\"excellent\"")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void What_has_no_score_has_no_reward_and_never_one_of_0(string json) => EvaluationAnswer.Compose(Utf8(json), Provenance).Reward.ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("""{"score":-1e999}""")]
    [InlineData("""{"score":NaN}""")]
    [InlineData("""{"\ud800abcdefghijklmnopqrstuvw":1}""")]
    public void A_foreign_shape_is_a_failure_of_the_environment(string json)
    {
        Should.Throw<EnvironmentFailedException>(() => EvaluationAnswer.Compose(Utf8(json), Provenance)).Message.ShouldNotBeEmpty();
    }
}
