using System.Net;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Bfcl;

/// <summary>A person's own data folder, and what is wrong with it.</summary>
public sealed class DataFolderTests
{
    private static string Sample => Path.Combine(Repository.Root, "src", "Environments", "Bfcl", "Sample");

    [Fact]
    public async Task A_missing_folder_is_named_and_the_other_environments_are_served()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("bfcl", "countdown").With("SANDQUEUE_BFCL_DATA", "/not/there"));
        program.Output.Split('\n').Where(line => line.Contains("! the BFCL data folder /not/there does not exist", StringComparison.Ordinal)).ShouldHaveSingleItem();
        program.Output.ShouldNotContain("   at ");
        (await program.Caller.CreateAsync("bfcl", "simple_python_0")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("SANDQUEUE_BFCL_DATA");
        foreach (var split in (string[])["train", "val", "test"])
        {
            var listed = await program.Caller.PostAsync("/get_env_profile", $$$"""{"env_type":"bfcl","params":{"split":"{{{split}}}"}}""");
            listed.DetailOf(HttpStatusCode.BadRequest).ShouldContain("SANDQUEUE_BFCL_DATA");
        }

        (await program.Caller.CreateAsync("countdown", "4-17")).Status.ShouldBe(HttpStatusCode.OK);
        await program.EndAsync();
    }

    [Fact]
    public async Task A_folder_without_tasks_lists_none_and_says_why()
    {
        var folder = Directory.CreateTempSubdirectory("sqt-bfcl-").FullName;
        try
        {
            await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("bfcl").With("SANDQUEUE_BFCL_DATA", folder));
            program.Output.ShouldContain($"! the BFCL data folder {folder} has no task in it");
            (await program.Caller.PostAsync("/get_env_profile", """{"env_type":"bfcl"}""")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("SANDQUEUE_BFCL_DATA");
            (await program.Caller.CreateAsync("bfcl", "simple_python_0")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("SANDQUEUE_BFCL_DATA");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_broken_line_is_named_with_its_file_and_number_and_the_rest_is_served()
    {
        var folder = Directory.CreateTempSubdirectory("sqt-bfcl-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "possible_answer"));
            foreach (var name in (string[])["BFCL_v4_multiple.json", "BFCL_v4_simple_python.json"])
            {
                File.Copy(Path.Combine(Sample, name), Path.Combine(folder, name));
                File.Copy(Path.Combine(Sample, "possible_answer", name), Path.Combine(folder, "possible_answer", name));
            }

            var broken = Path.Combine(folder, "BFCL_v4_multiple.json");
            var lines = await File.ReadAllLinesAsync(broken, TestContext.Current.CancellationToken);
            await File.WriteAllLinesAsync(broken, [lines[0], lines[1][..^9], .. lines[2..]], TestContext.Current.CancellationToken);

            await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("bfcl").With("SANDQUEUE_BFCL_DATA", folder));
            program.Output.ShouldMatch(@"(?m)^ +! .*BFCL_v4_multiple\.json.*\b2\b");
            (await program.Caller.CreateAsync("bfcl", "simple_python_sample0")).Status.ShouldBe(HttpStatusCode.OK);
            (await program.Caller.CreateAsync("bfcl", "multiple_sample0")).Status.ShouldBe(HttpStatusCode.OK);
            (await program.Caller.CreateAsync("bfcl", "multiple_sample1")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("multiple_sample1");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
