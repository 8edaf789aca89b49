using System.Text;
using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Rollouts.Episodes;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Rollouts.Tests.Episodes;

public sealed class EpisodeReadingTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_written_is_read()
    {
        var (instance, entries) = EpisodeReading.Read(Line(), "mine", Now);
        (instance.Tenant, instance.TaskId, instance.NextStep, instance.State).ShouldBe(("mine", "t", 2, InstanceState.Released));
        entries.Select(entry => (entry.Kind, entry.Reward)).ShouldBe([(JournalKind.Create, null), (JournalKind.Step, 0.5), (JournalKind.Evaluate, 1)]);
    }

    [Theory]
    [InlineData("[]", "the answer of its create is no object")]
    [InlineData("""{"info":{}}""", "the answer of its create has no list \"state\"")]
    [InlineData("""{"state":{}}""", "the answer of its create has no list \"state\"")]
    [InlineData("""{"state":["up"]}""", "\"state\" in the answer of its create has something that is no object")]
    [InlineData("""{"state":[],"info":{"tools":[1]}}""", "\"tools\" in the answer of its create has something that is no object")]
    [InlineData("""{"state":[],"info":{"tools":[{"function":1}]}}""", "a tool in the answer of its create has a \"function\" that is no object")]
    public void An_answer_that_no_export_can_read_is_refused(string answer, string problem) => Refusal(Line(opening: answer)).ShouldBe(problem);

    [Theory]
    [InlineData("\"up\"", "the action of its step 1 is no object")]
    [InlineData("[]", "the action of its step 1 is no object")]
    public void An_action_that_is_no_object_is_refused(string action, string problem) => Refusal(Line(action: action)).ShouldBe(problem);

    [Theory]
    [InlineData("environment_ms", "-1", "an entry's \"environment_ms\" is below 0")]
    [InlineData("environment_ms", "1e999", "its \"environment_ms\" is no finite number")]
    [InlineData("reward", "\"much\"", "its \"reward\" is no finite number")]
    [InlineData("step", "1.5", "its \"step\" is no whole number from 0 on")]
    [InlineData("detail", "\"a\\u0000b\"", "its \"detail\" has NUL in it")]
    public void An_entry_with_a_wrong_member_is_refused(string member, string value, string problem) =>
        Refusal(Changed(line => line["entries"]![0]![member] = JsonNode.Parse(value))).ShouldBe(problem);

    [Theory]
    [InlineData("end_detail", "\"a\\u0000b\"", "its \"end_detail\" has NUL in it")]
    [InlineData("end_reason", "\"\\u0000\"", "its \"end_reason\" has NUL in it")]
    [InlineData("instance_id", "\"\\u0000\"", "its \"instance_id\" has NUL in it")]
    [InlineData("max_steps", "-1", "its \"max_steps\" is no whole number from 0 on")]
    [InlineData("ended_at", "\"2026-01-31T12:06:00Z\"", "its \"ended_at\" is in the future")]
    public void A_wrong_head_is_refused(string member, string value, string problem) => Refusal(Changed(line => line[member] = JsonNode.Parse(value))).ShouldBe(problem);

    [Fact]
    public void A_long_name_is_cut_between_two_characters() =>
        EpisodeReading.Read(Changed(line => line["instance_id"] = new string('a', 99) + "😀"), "mine", Now).Instance.InstanceId.ShouldEndWith($"-{new string('a', 99)}");

    [Fact]
    public void What_is_no_UTF_8_is_refused()
    {
        var line = Line();
        line[^3] = 0xff;
        Refusal(line).ShouldBe("it is no UTF-8");
    }

    private static string Refusal(byte[] line) => Should.Throw<FormatException>(() => EpisodeReading.Read(line, "mine", Now)).Message;

    private static byte[] Changed(Action<JsonObject> change)
    {
        var line = JsonNode.Parse(Line())!.AsObject();
        change(line);
        return Encoding.UTF8.GetBytes(line.ToJsonString());
    }

    private static byte[] Line(string opening = """{"state":[{"role":"user","content":"Begin."}],"info":{}}""", string action = """{"role":"assistant","content":"up"}""")
    {
        JournalEntry[] entries =
        [
            Entry(JournalKind.Create, 0, opening),
            Entry(JournalKind.Step, 1, """{"state":[{"role":"user","content":"1"}],"reward":0.5,"is_terminated":true}""", action, 0.5),
            Entry(JournalKind.Evaluate, null, "1.0", reward: 1),
        ];
        return EpisodeLine.Write(new EpisodeHead(7, "i", "count", "t", [], InstanceState.Released, 5, "goal", null, null, 0, Now.ToUnixTimeMilliseconds(), 1), entries);
    }

    private static JournalEntry Entry(JournalKind kind, int? step, string answer, string action = "", double? reward = null) => new()
    {
        Tenant = "other",
        CommandId = "c",
        Kind = kind,
        Step = step,
        End = CommandEnd.Completed,
        Action = Encoding.UTF8.GetBytes(action),
        Answer = Encoding.UTF8.GetBytes(answer),
        ObservationHash = kind == JournalKind.Evaluate ? null : new byte[32],
        Reward = reward,
        Worker = "w",
    };
}
