using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Bfcl;

namespace SandQueue.Environments.Tests.Bfcl.Catalogue;

/// <summary>Folders as they come: files missing, lines broken, the folder itself not there.</summary>
public sealed class DataFolderTests : IDisposable
{
    private const string Irrelevance = "BFCL_v4_irrelevance.json";
    private const string Multiple = "BFCL_v4_multiple.json";

    private readonly string _folder = Directory.CreateTempSubdirectory("bfcl-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_folder_is_named_and_nothing_is_served_instead()
    {
        var missing = Path.Combine(_folder, "nowhere");
        var environment = BfclEnvironment.Load(missing);
        environment.Description.Problems.ShouldHaveSingleItem().ShouldBe(
            $"the BFCL data folder {missing} does not exist: set SANDQUEUE_BFCL_DATA to the folder with the BFCL_v4_*.json files, or unset it to serve the sample");
        environment.ListTasks("train").ShouldBeEmpty();
        environment.ListTasks("all").ShouldBeEmpty();
        var refusal = Should.Throw<InvalidRequestException>(() => environment.Create("multiple_0", EpisodeParameters.None)).Message;
        refusal.ShouldContain("SANDQUEUE_BFCL_DATA");
    }

    [Fact]
    public void A_missing_file_is_named_and_the_others_are_served()
    {
        Write(Irrelevance, Task("irrelevance_0"), Task("irrelevance_1"));
        var environment = BfclEnvironment.Load(_folder);
        environment.ListTasks("all").ShouldBe(["irrelevance_0", "irrelevance_1"]);
        environment.Description.Problems.ShouldContain($"{Path.Combine(_folder, Multiple)} is missing: its tasks are not served");
        environment.Description.Problems.ShouldNotContain(line => line.Contains(Irrelevance));
        environment.Description.DataSource.ShouldBe($"BFCL v4 from {_folder} (tasks: 2, categories: 1)");
    }

    [Fact]
    public void A_category_without_its_answers_is_not_served()
    {
        Write(Multiple, Task("multiple_0"));
        var environment = BfclEnvironment.Load(_folder);
        environment.ListTasks("multiple").ShouldBeEmpty();
        environment.Description.Problems.ShouldContain($"{Path.Combine(_folder, "possible_answer", Multiple)} is missing: its tasks are not served");
    }

    [Theory]
    [InlineData("{\"id\": \"x\", ", "is not JSON at byte ")]
    [InlineData("[1]", "is an array, not an object")]
    [InlineData("{}", "has no \"id\"")]
    [InlineData("{\"id\": 7}", "has no \"id\"")]
    [InlineData("{\"id\": \"irrelevance_0\", \"question\": [], \"function\": []}", "repeats the id irrelevance_0")]
    [InlineData("{\"id\": \"x\", \"question\": [[{\"role\": \"user\"}]], \"function\": []}", "has no \"question\"")]
    [InlineData("{\"id\": \"x\", \"question\": [[{\"role\": \"user\", \"content\": \"q\"}]]}", "has no list \"function\"")]
    [InlineData("{\"id\": \"x\", \"question\": [[{\"role\": \"user\", \"content\": \"q\"}]], \"function\": [{\"name\": \"f\"}]}", "has no parameters for the function f")]
    [InlineData("{\"id\": \"x\", \"question\": [[{\"role\": \"user\", \"content\": \"\\ud800\"}]], \"function\": []}", "holds half of a surrogate pair")]
    public void A_broken_line_is_named_by_file_and_number_and_the_others_are_served(string line, string flaw)
    {
        Write(Irrelevance, Task("irrelevance_0"), "", line, Task("irrelevance_1"));
        var environment = BfclEnvironment.Load(_folder);
        environment.ListTasks("irrelevance").ShouldBe(["irrelevance_0", "irrelevance_1"]);
        environment.Description.Problems.Where(problem => problem.Contains(Irrelevance)).ShouldHaveSingleItem()
            .ShouldStartWith($"{Path.Combine(_folder, Irrelevance)}:3: {flaw}");
    }

    [Theory]
    [InlineData("{\"id\": \"multiple_0\"}", "has no list \"ground_truth\"")]
    [InlineData("{\"id\": \"multiple_0\", \"ground_truth\": []}", "has an empty \"ground_truth\"")]
    [InlineData("{\"id\": \"multiple_0\", \"ground_truth\": [{\"f\": 1}]}", "has an answer that is not one function's name with its parameters")]
    [InlineData("{\"id\": \"multiple_0\", \"ground_truth\": [{\"g\": {}}]}", "has an answer with g, which it does not describe")]
    [InlineData("{\"id\": \"multiple_9\", \"ground_truth\": [{\"f\": {}}]}", "has no sound answer for multiple_0")]
    public void A_broken_answer_keeps_its_task_away(string answer, string flaw)
    {
        Write(Multiple, Task("multiple_0"), Task("multiple_1"));
        Write(Path.Combine("possible_answer", Multiple), answer, "{\"id\": \"multiple_1\", \"ground_truth\": [{\"f\": {}}]}");
        var environment = BfclEnvironment.Load(_folder);
        environment.ListTasks("multiple").ShouldBe(["multiple_1"]);
        environment.Description.Problems.ShouldContain(problem => problem.Contains(Multiple) && problem.Contains(flaw));
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_are_read_past()
    {
        File.WriteAllText(Path.Combine(_folder, Irrelevance), $"\uFEFF{Task("irrelevance_0")}\r\n{Task("irrelevance_1")}\r\n\r\n");
        BfclEnvironment.Load(_folder).ListTasks("irrelevance").ShouldBe(["irrelevance_0", "irrelevance_1"]);
    }

    [Fact]
    public void The_hash_follows_the_bytes_of_the_files()
    {
        Write(Irrelevance, Task("irrelevance_0"));
        var first = BfclEnvironment.Load(_folder).Description.DataHash;
        BfclEnvironment.Load(_folder).Description.DataHash.ShouldBe(first);
        Write(Irrelevance, Task("irrelevance_0") + " ");
        BfclEnvironment.Load(_folder).Description.DataHash.ShouldNotBe(first);
    }

    private static string Task(string id) =>
        $$$"""{"id": "{{{id}}}", "question": [[{"role": "user", "content": "q"}]], "function": [{"name": "f", "description": "d", "parameters": {"type": "dict", "properties": {}, "required": []}}]}""";

    private void Write(string name, params string[] lines)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, lines);
    }
}
