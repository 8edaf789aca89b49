using Docker.DotNet.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Hosting.Settings;
using SandQueue.Storage.Model;
using SandQueue.Testing.Docker;
using SandQueue.Testing.Documents;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Tests.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Documents;

/// <summary>The image of <c>docs/environments.md</c>: built from the page, started with the page's settings, and played.</summary>
public sealed class OwnImageTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    private readonly DirectoryInfo _environments = Directory.CreateTempSubdirectory("sandqueue-environments-");
    private string? _built;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_built is not null) await Engine.Images.DeleteImageAsync(_built, new ImageDeleteParameters { Force = true });
        _environments.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_image_of_the_page_is_built_and_played()
    {
        var python = HostPython.RequireMounts();
        var files = DocumentBlock.Read(Path.Combine("docs", "environments.md"))
            .Where(block => block.Kind == "image" || block.Subject == "guess.py").ToDictionary(block => block.Subject, block => block.Text);
        files.Keys.ShouldBe(["guess.py", "Dockerfile", "environment.json"], ignoreOrder: true);
        var image = await BuildAsync(files);
        var options = ReadSettings(files["environment.json"], image, python);
        var protocol = new EnvironmentProtocols(TimeProvider.System).Create("guess", options);
        await using var pool = new ContainerPool("guess", options, NewRuntime(), protocol, TimeProvider.System, NullLogger<ContainerPool>.Instance);

        await GuessGame.PlayAsync(pool);
    }

    private async Task<string> BuildAsync(Dictionary<string, string> files)
    {
        var stand = await ImportAsync(["ENV PATH=/usr/bin:/bin"]);
        var image = $"{Farm}:guess";
        await ImageTar.BuildAsync(
            Engine, image, files.Where(file => file.Key != "environment.json"), new Dictionary<string, string> { ["BASE"] = stand }, Cancel);
        return _built = image;
    }

    /// <summary>The page's settings, read as the program reads them; the image has another name here, and gets its Python by mounts.</summary>
    private EnvironmentOptions ReadSettings(string json, string image, List<MountOptions> python)
    {
        File.WriteAllText(Path.Combine(_environments.CreateSubdirectory("guess").FullName, "environment.json"), json);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(python.SelectMany((mount, index) => new Dictionary<string, string?>
        {
            [$"Worker:Environments:guess:Mounts:{index}:Source"] = mount.Source,
            [$"Worker:Environments:guess:Mounts:{index}:Target"] = mount.Target,
        }).Append(new("Worker:Environments:guess:Image", image)));
        configuration.AddEnvironmentFiles(_environments.FullName);
        return configuration.Build().Read<WorkerOptions>("Worker").Environments["guess"];
    }
}
