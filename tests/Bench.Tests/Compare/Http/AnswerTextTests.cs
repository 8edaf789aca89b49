using SandQueue.Bench.Compare.Http;

namespace SandQueue.Bench.Tests.Compare.Http;

public sealed class AnswerTextTests
{
    private static ReadOnlySpan<byte> Answer => """{"data":{"info":{"step":12,"instance_id":"bfcl-1"}},"more":{"step":3}}"""u8;

    [Fact]
    public void The_first_number_of_a_name_is_found() => AnswerText.Number(Answer, "\"step\":"u8).ShouldBe(12);

    [Fact]
    public void A_name_that_is_not_there_has_no_number() => AnswerText.Number(Answer, "\"steps\":"u8).ShouldBeNull();

    [Fact]
    public void An_instance_is_named() => AnswerText.InstanceId(Answer).ShouldBe("bfcl-1");

    [Fact]
    public void A_Create_that_names_no_instance_is_refused() => Should.Throw<InvalidDataException>(() => AnswerText.InstanceId("{}"u8)).Message.ShouldContain("{}");

    [Fact]
    public void Texts_are_counted() => AnswerText.Count(Answer, "\"step\":"u8).ShouldBe(2);
}
