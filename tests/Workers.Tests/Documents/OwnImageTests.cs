using System.Text;
using System.Text.Json;
using Docker.DotNet.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Hosting.Settings;
using SandQueue.Storage.Model;
using SandQueue.Testing.Docker;
using SandQueue.Testing.Documents;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Settings;
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
        var files = DocumentBlock.Read(Path.Combine("docs", "environments.md")).Where(block => block.Kind == "image").ToDictionary(block => block.Subject, block => block.Text);
        files.Keys.ShouldBe(["guess.py", "Dockerfile", "environment.json"], ignoreOrder: true);
        var image = await BuildAsync(files);
        var options = ReadSettings(files["environment.json"], image, python);
        var protocol = new EnvironmentProtocols().Create("guess", options);
        await using var pool = new ContainerPool("guess", options, NewRuntime(), protocol, TimeProvider.System, NullLogger<ContainerPool>.Instance);

        Json(await pool.DescribeAsync(Cancel)).GetProperty("tasks").GetInt32().ShouldBe(100);
        pool.Traits.Replayable.ShouldBeTrue();
        using var slot = await pool.AcquireAsync(Cancel);
        await Should.ThrowAsync<EnvironmentRejectedException>(protocol.CreateAsync(slot.Container, new NewInstance("guess", "nope", "e0", default), Cancel));
        var instance = await protocol.CreateAsync(slot.Container, new NewInstance("guess", "7", "e1", default), Cancel);

        // 7 * 37 % 100 + 1
        (await SayAsync(instance, "50")).ShouldBe(("Higher.", 0, false));
        (await SayAsync(instance, "no idea")).ShouldBe(("There is no number in your message.", 0, false));
        (await SayAsync(instance, "Between 50 and 70: 60")).ShouldBe(("Right!", 1, true));
        Json(await instance.EvaluateAsync(default, """{"sparse":true}"""u8.ToArray(), Cancel)).GetDouble().ShouldBe(1);
        Json(await instance.EvaluateAsync(default, default, Cancel)).GetProperty("guesses").GetInt32().ShouldBe(3);
        await instance.ReleaseAsync(Cancel);
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

    private static async Task<(string Observation, double Reward, bool Ended)> SayAsync(IEnvironmentInstance instance, string text)
    {
        var step = Json(await instance.StepAsync(Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":"{{text}}"}"""), default, Cancel));
        return (step.GetProperty("state")[0].GetProperty("content").GetString()!, step.GetProperty("reward").GetDouble(), step.GetProperty("is_terminated").GetBoolean());
    }

    private static JsonElement Json(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
