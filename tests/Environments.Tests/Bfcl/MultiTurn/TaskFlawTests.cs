using SandQueue.Environments.Bfcl;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>A line that cannot be played is reported with what is wrong, and the rest is served.</summary>
public sealed class TaskFlawTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bfcl-flaws-").FullName;

    [Theory]
    [InlineData("""{"question":[[]],"involved_classes":["Nope"],"initial_config":{}}""", "[[]]", "involves Nope, which is no service here")]
    [InlineData("""{"question":[[]],"involved_classes":["MathAPI"],"initial_config":{}}""", "[[]]", "involves MathAPI, whose functions are not described")]
    [InlineData("""{"question":[[]],"involved_classes":["TicketAPI"],"initial_config":{}}""", "[[],[]]", "has another number of turns than its answer")]
    [InlineData("""{"question":[[]],"involved_classes":["TicketAPI"],"initial_config":{}}""", "[[7]]", "has an answer that is not lists of calls")]
    [InlineData("""{"question":[[]],"involved_classes":["TicketAPI"],"initial_config":[]}""", "[[]]", "has no object \"initial_config\"")]
    [InlineData("""{"question":[["hello"]],"involved_classes":["TicketAPI"],"initial_config":{}}""", "[[]]", "has no \"question\"")]
    [InlineData("""{"question":[[]],"initial_config":{}}""", "[[]]", "has no list \"involved_classes\"")]
    [InlineData("""{"question":[[]],"involved_classes":["TicketAPI"],"initial_config":{"TicketAPI":{"ticket_queue":7}}}""", "[[]]", "ticket_queue is not a list")]
    [InlineData("""{"question":[[]],"involved_classes":["TicketAPI"],"initial_config":{"TicketAPI":7}}""", "[[]]", "has an \"initial_config\" that its services do not take")]
    [InlineData("""{"question":[[]],"involved_classes":["TicketAPI"],"initial_config":{},"missed_function":{"1":["logout"]}}""", "[[]]", "withholds functions until turn 1, which it does not have")]
    [InlineData("""{"question":[[]],"involved_classes":["TicketAPI"],"initial_config":{},"missed_function":{"0":["cd"]}}""", "[[]]", "withholds cd, which is not described")]
    [InlineData("""{"question":[[]],"involved_classes":["TicketAPI"],"initial_config":{},"missed_function":["logout"]}""", "[[]]", "has a \"missed_function\" that is not lists of functions by turn")]
    public void What_is_wrong_is_named(string task, string truth, string flaw)
    {
        const string Sound = """{"id":"sound","question":[[]],"involved_classes":["TicketAPI"],"initial_config":{}}""";
        Write("BFCL_v4_multi_turn_base.json", task.Replace("{\"question\"", "{\"id\":\"flawed\",\"question\"") + "\n" + Sound);
        Write("possible_answer/BFCL_v4_multi_turn_base.json", $$"""{"id":"flawed","ground_truth":{{truth}}}""" + "\n" + """{"id":"sound","ground_truth":[[]]}""");
        Write("multi_turn_func_doc/ticket_api.json", """{"name":"logout","description":"","parameters":{"type":"dict","properties":{},"required":[]}}""");
        var environment = BfclEnvironment.Load(_folder);
        environment.ListTasks("multi_turn_base").ShouldBe(["sound"]);
        environment.Description.Problems.ShouldContain(problem => problem.Contains("BFCL_v4_multi_turn_base.json:1: ") && problem.Contains(flaw), string.Join('\n', environment.Description.Problems));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
