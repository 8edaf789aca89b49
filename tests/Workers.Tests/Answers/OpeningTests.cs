using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using static SandQueue.Workers.Tests.Answers.AnswerBytes;

namespace SandQueue.Workers.Tests.Answers;

public sealed class OpeningTests
{
    private const string State = """[{"role":"system","content":"s\u00e9"}, {"role":"user","content":"u"}]""";

    public static TheoryData<string> ForeignShapes => Foreign(
        """{"state":[{"role":"user","content":"x"}],"info":{}}""",
        """{"state":[{"role":"user","content":"x"},{"role":"user","content":"x"},{"role":"user","content":"x"}],"info":{}}""",
        """{"state":{},"info":{}}""",
        """{"state":["a","b"],"info":{}}""",
        """{"state":[{"role":"user","content":"x"},{"role":"user","content":[]}],"info":{}}""",
        """{"state":[{"role":"user","content":"x"},{"role":"user","content":"x"}]}""",
        """{"state":[{"role":"user","content":"x"},{"role":"user","content":"x"}],"info":null}""",
        """{"state":[{"role":"user","content":"x"},{"role":"user","content":"x"}],"info":[]}""",
        """{"state":[{"role":"user","content":"x"},{"role":"user","content":"x"}],"info":{"\ud800abcdefghijklmnopqrstuvw":1}}""",
        """{"state":[{"role":"user","content":"x"},{"role":"user","content":"x"}],"info":{"provenance":{"\ud800abcdefghijklmnopqrstuvw":1}}}""");

    [Fact]
    public void The_answer_has_the_one_shape_in_a_fixed_order()
    {
        var opening = Opening.Compose(
            Utf8($$$"""{"info":{"tools":[ 1 ],"instance_id":"inner","task_id":"other","provenance":{"seed":3,"image_digest":"a lie"},"x":1.0},"state":{{{State}}} }"""),
            "mine", "task-1", "sha256:7", CanonicalForm.Exact);

        Text(opening.Answer).ShouldBe(
            """{"state":PLACE,"info":{"instance_id":"mine","task_id":"task-1","tools":[ 1 ],"x":1.0,"provenance":{"seed":3,"image_digest":"sha256:7"}}}""".Replace("PLACE", State, StringComparison.Ordinal));
        Text(opening.Provenance).ShouldBe("""{"seed":3,"image_digest":"sha256:7"}""");
    }

    [Fact]
    public void Names_with_odd_letters_are_written_as_JSON()
    {
        var opening = Opening.Compose(Utf8($$$"""{"state":{{{State}}},"info":{}}"""), "a\"b\\c\né<", "t", "d", CanonicalForm.Exact);
        Json(opening.Answer).GetProperty("info").GetProperty("instance_id").GetString().ShouldBe("a\"b\\c\né<");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"provenance\":null")]
    [InlineData("\"provenance\":\"mine\"")]
    public void Provenance_names_the_image_even_where_the_environment_gives_none(string member)
    {
        var opening = Opening.Compose(Utf8($$$"""{"state":{{{State}}},"info":{ {{{member}}} } }"""), "i", "t", "sha256:7", CanonicalForm.Exact);
        Json(opening.Answer).GetProperty("info").GetProperty("provenance").GetProperty("image_digest").GetString().ShouldBe("sha256:7");
    }

    [Fact]
    public void What_a_replay_must_repeat_is_the_two_messages()
    {
        byte[] Hash(string json) => Opening.Compose(Utf8(json), "i", "t", "d", CanonicalForm.Exact).ObservationHash;
        var hash = Hash($$$"""{"state":{{{State}}},"info":{"tools":[]}}""");

        Hash($$$"""{"state":{{{State}}},"info":{"tools":[1]}}""").ShouldBe(hash);
        Hash("""{"state":[{"role":"user","content":"x"},{"role":"user","content":"x"}],"info":{}}""").ShouldNotBe(hash);
    }

    [Theory]
    [MemberData(nameof(ForeignShapes))]
    public void A_foreign_shape_is_a_failure_of_the_environment(string answer)
    {
        Should.Throw<EnvironmentFailedException>(() => Opening.Compose(Utf8(answer), "i", "t", "d", CanonicalForm.Exact)).Message.ShouldNotBeEmpty();
    }
}
