using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>The file of constants that long tasks take from the user's data folder.</summary>
public sealed class LongContextFileTests : IDisposable
{
    private const string Task = """
        {"id":"multi_turn_long_context_1","question":[[{"role":"user","content":"Read the letter."}]],"involved_classes":["GorillaFileSystem"],
         "initial_config":{"GorillaFileSystem":{"root":{"desk":{"type":"directory","contents":{"letter":{"type":"file","content":"Dear reader."}}}}}}}
        """;

    private const string Constants = """
        # Constants of our own making, in the official file's form.
        WATCH_LIST_EXTENSION = ['ONE', "TWO", ...]
        TRANSACTION_HISTORY_EXTENSION = []
        MA_5_EXTENSION, = [1.5]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("bfcl-long-").FullName;

    public LongContextFileTests()
    {
        Write("BFCL_v4_multi_turn_long_context.json", Task.ReplaceLineEndings(""));
        Write("possible_answer/BFCL_v4_multi_turn_long_context.json", """{"id":"multi_turn_long_context_1","ground_truth":[["cat('letter')"]]}""");
        Write("multi_turn_func_doc/gorilla_file_system.json", """{"name":"cat","description":"","parameters":{"type":"dict","properties":{"file_name":{"type":"string"}},"required":["file_name"]}}""");
    }

    [Fact]
    public void Without_it_long_tasks_are_served_and_say_that_they_are_approximate()
    {
        var environment = BfclEnvironment.Load(_folder);
        environment.Description.DataSource.ShouldEndWith("long_context approximate: long_context.py is absent");
        environment.Description.Problems.ShouldContain(problem => problem.Contains("long_context.py is missing"));
        Letter(environment, out var details).ShouldBe("Dear reader.");
        details["approximate"]!.GetValue<string>().ShouldContain("long_context.py is absent");
        details["valid"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public void With_it_they_are_as_long_as_the_official_ones()
    {
        Write("long_context.py", Sound());
        var environment = BfclEnvironment.Load(_folder);
        environment.Description.DataSource.ShouldNotContain("approximate");
        environment.Description.Problems.ShouldNotContain(problem => problem.Contains("long_context.py"));
        Letter(environment, out var details).ShouldBe("Dear reader. And so on.\n\"Yours\"");
        details.ContainsKey("approximate").ShouldBeFalse();
    }

    [Fact]
    public void Its_content_is_part_of_the_data_hash()
    {
        var without = BfclEnvironment.Load(_folder).Description.DataHash;
        Write("long_context.py", Sound());
        BfclEnvironment.Load(_folder).Description.DataHash.ShouldNotBe(without);
    }

    [Theory]
    [InlineData(Constants, "expected an assignment to MA_5_EXTENSION (<string>, line 4)")]
    [InlineData("WATCH_LIST_EXTENSION = __import__('os').listdir('/')", "long_context.py: ")]
    [InlineData("WATCH_LIST_EXTENSION = []", "TRANSACTION_HISTORY_EXTENSION is missing")]
    public void A_file_that_is_more_than_constants_is_reported_and_never_run(string content, string problem)
    {
        Write("long_context.py", content);
        var environment = BfclEnvironment.Load(_folder);
        environment.Description.Problems.ShouldContain(line => line.Contains(problem));
        Letter(environment, out _).ShouldBe("Dear reader.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Sound()
    {
        string[] lists = ["WATCH_LIST", "TRANSACTION_HISTORY", "MA_5", "MA_20", "TECHNOLOGY", "AUTOMOBILE", "POPULATE_FILE"];
        string[] dicts = ["ORDER_DETAIL", "LONG_WEATHER", "CREDIT_CARD", "BOOKING_RECORD"];
        return string.Join('\n', lists.Select(name => $"{name}_EXTENSION = [\n    'x',  # one\n]")
            .Concat(dicts.Select(name => $"{name}_EXTENSION={{'a': {{'b': -1.5e3}},}}"))
            .Append("FILE_CONTENT_EXTENSION = ' And so on.' '''\n\"Yours\"'''")
            .Append("CAR_STATUS_METADATA_EXTENSION = r'a\\b'\n\nPARKING_BRAKE_INSTRUCTION = \"\"\nINTERMEDIARY_CITIES = []\nFILES_TAIL_USED = ['log.txt']\n"));
    }

    private static string Letter(BfclEnvironment environment, out JsonObject details)
    {
        using var instance = environment.Create("multi_turn_long_context_1", EpisodeParameters.None);
        var read = instance.Step(new AgentAction("", [new NativeToolCall("x", "cat", """{"file_name":"letter"}""")]), CancellationToken.None);
        instance.Step(new AgentAction("", []), CancellationToken.None).Reward.ShouldBe(1);
        details = instance.Evaluate(default).Details;
        return JsonNode.Parse(read.ToolMessages[0].Content)!["file_content"]!.GetValue<string>();
    }

    private void Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
