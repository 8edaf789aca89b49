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
        var answer = EvaluationAnswer.Compose(Utf8(json), end: null, Provenance);
        (Text(answer.Answer), answer.Reward).ShouldBe((json, reward));
    }

    [Fact]
    public void An_object_gets_the_episodes_end_and_provenance_and_no_others()
    {
        var data = Utf8("""{"truncated":"lie","score":1.0,"provenance":{"a":"lie"},"details":[ 1 ],"end_reason":"lie"}""");
        var going = EvaluationAnswer.Compose(data, end: null, Provenance);
        var ended = EvaluationAnswer.Compose(data, new EpisodeEnd("max_steps", IsTruncated: true), Provenance);
        (Text(going.Answer), going.Reward).ShouldBe(("""{"score":1.0,"details":[ 1 ],"end_reason":null,"truncated":false,"provenance":{"seed":3}}""", 1.0));
        (Text(ended.Answer), ended.Reward).ShouldBe(("""{"score":1.0,"details":[ 1 ],"end_reason":"max_steps","truncated":true,"provenance":{"seed":3}}""", 1.0));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"score":null}""")]
    [InlineData("""{"score":"1"}""")]
    [InlineData("\"excellent\"")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void What_has_no_score_has_no_reward_and_never_one_of_0(string json) => EvaluationAnswer.Compose(Utf8(json), end: null, Provenance).Reward.ShouldBeNull();

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
        Should.Throw<EnvironmentFailedException>(() => EvaluationAnswer.Compose(Utf8(json), end: null, Provenance)).Message.ShouldNotBeEmpty();
    }
}
