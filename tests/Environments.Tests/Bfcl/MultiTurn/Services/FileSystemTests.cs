using SandQueue.Environments.Bfcl.MultiTurn;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn.Services;

/// <summary>What follows from files and directories being objects that several names may hold.</summary>
public sealed class FileSystemTests
{
    private readonly ServiceSet _files = Home();

    [Fact]
    public void A_copied_directory_holds_the_very_same_files()
    {
        Run("cp('a', 'b')", "cd('b')", "echo('changed', 'x.txt')", "touch('new.txt')", "cd('..')", "cd('a')");
        _files.Execute("cat('x.txt')").ShouldBe("""{"file_content": "changed"}""");
        _files.Execute("ls()").ShouldBe("""{"current_directory_content": ["x.txt", "inner"]}""");
    }

    [Fact]
    public void What_lies_in_a_moved_directory_still_has_the_old_one_above_it()
    {
        Run("mv('a', 'b')", "cd('b')", "cd('inner')");
        _files.Execute("pwd()").ShouldBe("""{"current_working_directory": "/home/a/inner"}""");
        Run("cd('..')", "touch('y.txt')", "cd('/')", "cd('b')");
        _files.Execute("ls()").ShouldBe("""{"current_directory_content": ["x.txt", "inner", "y.txt"]}""");
    }

    [Fact]
    public void A_directory_copied_into_itself_is_walked_only_so_far()
    {
        _files.Execute("cp('a', 'a')").ShouldBe("""{"result": "'a' copied to 'a/a'"}""");
        _files.Execute("find()").ShouldBe("Error during execution: maximum recursion depth exceeded while calling a Python object");
        _files.Execute("du()").ShouldBe("Error during execution: maximum recursion depth exceeded");
        _files.Fork().FirstDifference(_files).ShouldBe("GorillaFileSystem", "such a state equals no other, not even its twin");
    }

    [Fact]
    public void A_tree_that_doubles_with_every_copy_is_walked_only_so_far()
    {
        for (var i = 0; i < 30; i++) Run($"mkdir('d{i}')", "cp('a', 'c')", $"mv('c', 'd{i}')", $"mv('a', 'd{i}')", $"mv('d{i}', 'a')");
        _files.Execute("find()").ShouldStartWith("Error during execution: find: more than 100000 matches");
        _files.Execute("du()").ShouldStartWith("Error during execution: du: more than 100000 files");
    }

    [Fact]
    public void The_current_directory_is_not_part_of_the_state()
    {
        Run("cd('a')");
        _files.FirstDifference(Home()).ShouldBeNull();
        Run("touch('z')", "rm('z')");
        _files.FirstDifference(Home()).ShouldBeNull();
        Run("echo('y', 'x.txt')");
        _files.FirstDifference(Home()).ShouldBe("GorillaFileSystem");
    }

    [Fact]
    public void Order_of_names_is_no_difference()
    {
        var other = Home();
        Run("mkdir('p')", "mkdir('q')");
        foreach (var call in (string[])["mkdir('q')", "mkdir('p')"]) other.Execute(call);
        _files.FirstDifference(other).ShouldBeNull();
    }

    private void Run(params string[] calls)
    {
        foreach (var call in calls) _files.Execute(call).ShouldNotStartWith("Error", customMessage: call);
    }

    private static ServiceSet Home() => new([ServiceCatalogue.Start("GorillaFileSystem", new Scenario((PyDict)Parse(
        """
        {'root': {'home': {'type': 'directory', 'contents': {'a': {'type': 'directory', 'contents': {
            'x.txt': {'type': 'file', 'content': 'x'}, 'inner': {'type': 'directory', 'contents': {}}}}}}}}
        """), false, null))]);

    private static PyValue Parse(string source) => new PyLiteralParser(new PyScanner(source.Trim())).Take();
}
