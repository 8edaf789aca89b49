using System.Text;
using System.Text.Json;
using CsCheck;
using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Storage.Openings;

namespace SandQueue.Storage.Tests.Openings;

public sealed class OpeningCutTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly string Long = new('p', 300);

    [Fact]
    public void Prompt_and_tools_are_cut_out_and_what_is_the_instances_own_stays()
    {
        var cut = Cut($$$"""{"state":["{{{Long}}}"],"info":{"instance_id":"i-1","tools":["{{{Long}}}"],"seed":3}}""").ShouldNotBeNull();

        Encoding.UTF8.GetString(cut.Rest).ShouldBe("""{"state":[],"info":{"instance_id":"i-1","tools":,"seed":3}}""");
        Encoding.UTF8.GetString(cut.Opening.Content).ShouldBe($"\"{Long}\"[\"{Long}\"]");
    }

    [Fact]
    public void Answers_that_differ_in_their_instance_alone_have_one_opening()
    {
        var (one, two) = (Cut(Answer("i-1")).ShouldNotBeNull(), Cut(Answer("another")).ShouldNotBeNull());

        two.Opening.Hash.ShouldBe(one.Opening.Hash);
        two.Rest.ShouldNotBe(one.Rest);
    }

    [Fact]
    public void Tasks_that_differ_in_a_short_message_have_one_opening()
    {
        var (one, two) = (Cut(OfTask("go left")).ShouldNotBeNull(), Cut(OfTask("go right")).ShouldNotBeNull());
        two.Opening.Hash.ShouldBe(one.Opening.Hash);

        Cut(OfTask(Long)).ShouldNotBeNull().Opening.Hash.ShouldNotBe(one.Opening.Hash);

        static string OfTask(string message) => $$"""{"state":[{"role":"system","content":"{{Long}}"},{"role":"user","content":"{{message}}"}]}""";
    }

    [Theory]
    [InlineData("""{"state":["short"],"info":{"tools":[]}}""")]
    [InlineData("""[{"state":["LONG"]}]""")]
    [InlineData("""{"other":{"state":["LONG"]},"info":{"state":"LONG"}}""")]
    [InlineData("""{"state":["LONG"],"info":{""")]
    [InlineData("LONG")]
    public void An_answer_without_a_long_prompt_is_stored_whole(string answer) => Cut(answer.Replace("LONG", Long, StringComparison.Ordinal)).ShouldBeNull();

    [Fact]
    public void Only_the_answers_of_Creates_that_completed_are_cut()
    {
        OpeningCut.Of(Entry(Answer("i"), JournalKind.Step)).ShouldBeNull();
        var failed = Entry(Answer("i"));
        failed.End = CommandEnd.Failed;
        OpeningCut.Of(failed).ShouldBeNull();
    }

    [Fact]
    public void Whatever_an_answer_has_it_is_the_same_byte_for_byte_when_it_is_put_together_again() =>
        Gen.Select(Text, Text, Text, Gen.Bool, Gen.Bool, Gen.Bool).Sample((state, tools, other, isTurned, isIndented, hasMore) =>
        {
            var info = new Dictionary<string, object> { ["instance_id"] = other, ["tools"] = new[] { tools }, [other + "x"] = new { state, tools } };
            var answer = new Dictionary<string, object>();
            if (isTurned) answer["info"] = info;
            answer["state"] = new[] { new { role = "user", content = state } };
            if (!isTurned) answer["info"] = info;
            if (hasMore) answer["later"] = new { state = tools, info };
            var bytes = JsonSerializer.SerializeToUtf8Bytes(answer, isIndented ? Indented : JsonSerializerOptions.Default);
            var cut = OpeningCut.Of(Entry(Encoding.UTF8.GetString(bytes)));
            if (cut is null) return !IsLong(state) && !IsLong(tools);
            return OpeningCut.Join(cut.Rest, cut.Ranges, cut.Opening.Content).AsSpan().SequenceEqual(bytes) && cut.Rest.Length + cut.Opening.Content.Length == bytes.Length;
        });

    private static Gen<string> Text => Gen.Select(Gen.String[0, 40], Gen.Int[0, 12]).Select((text, times) => string.Concat(Enumerable.Repeat(text, times)));

    private static bool IsLong(string text) => JsonSerializer.SerializeToUtf8Bytes(text).Length >= 256;

    private static string Answer(string instanceId) => $$$"""{"state":["{{{Long}}}"],"info":{"instance_id":"{{{instanceId}}}","tools":["{{{Long}}}"]}}""";

    private static OpeningCut? Cut(string answer) => OpeningCut.Of(Entry(answer));

    private static JournalEntry Entry(string answer, JournalKind kind = JournalKind.Create) =>
        new() { Tenant = "t", CommandId = "c", Kind = kind, End = CommandEnd.Completed, Answer = Encoding.UTF8.GetBytes(answer) };
}
