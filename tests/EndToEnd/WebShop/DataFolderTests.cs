using System.Net;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.WebShop;

/// <summary>A folder of WebShop's data that has none in it.</summary>
public sealed class DataFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqt-webshop-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_missing_is_said_with_what_to_do_and_the_other_environments_are_served()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("webshop", "countdown").With("SANDQUEUE_WEBSHOP_DATA", _folder.FullName));
        var line = program.Output.Split('\n').First(line => line.Contains("environment 'webshop' is not served", StringComparison.Ordinal));
        line.ShouldContain($"{_folder.FullName} lacks the file with products");
        line.ShouldContain("environments/webshop/README.md");
        program.Output.ShouldNotContain("Unhandled exception");
        program.Output.ShouldNotContain("   at ");
        (await program.Caller.CreateAsync("countdown", "4-17")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
