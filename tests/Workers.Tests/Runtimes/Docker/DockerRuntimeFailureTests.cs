using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>Bad surroundings: each one clear line.</summary>
public sealed class DockerRuntimeFailureTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    [Fact]
    public async Task A_missing_image_is_named_with_the_command_that_gets_it()
    {
        (await FailAsync(new EnvironmentOptions { Image = "example.com/some/image:1" }))
            .ShouldBe("the engine has no image example.com/some/image:1; get it with: docker pull example.com/some/image:1");
    }

    [Fact]
    public async Task The_missing_image_of_the_built_in_environments_is_named_with_the_command_that_builds_it()
    {
        var settings = new DockerRuntimeOptions { Host = Settings().Host, Farm = Farm, SocketFolder = SocketFolder, Image = "sandqueue/environments:0.0.0" };

        (await FailAsync(new EnvironmentOptions(), NewRuntime(settings))).ShouldBe(
            "the engine has no image sandqueue/environments:0.0.0; build it with: docker build -t sandqueue/environments:0.0.0 -f environments/Dockerfile .");
    }

    [Fact]
    public async Task A_mount_that_is_not_there_is_named()
    {
        (await FailAsync(new EnvironmentOptions { Data = "/no/such/folder" })).ShouldEndWith("bind source path does not exist: /no/such/folder");
    }

    [Fact]
    public async Task A_program_that_is_not_in_the_image_is_named()
    {
        var image = await ImportAsync(["""ENTRYPOINT ["/no/such/program"]"""]);

        await using var pool = NewPool(new EnvironmentOptions { Image = image });

        (await Should.ThrowAsync<ContainerException>(pool.DescribeAsync(Cancel))).Message.ShouldContain("/no/such/program failed: No such file or directory");
    }

    [Fact]
    public async Task More_processors_than_there_are_is_the_engines_own_words()
    {
        (await FailAsync(new EnvironmentOptions { Cpus = 10_000 })).ShouldContain("Range of CPUs is from 0.01 to");
    }

    [Fact]
    public async Task A_socket_that_is_not_there_says_so()
    {
        (await FailAsync(new EnvironmentOptions(), NewRuntime(Settings(host: "unix:///no/such.sock")))).ShouldBe(
            $"cannot look for the image {Image}: there is no Docker engine at unix:///no/such.sock; start it, or set DockerRuntime:Host or DOCKER_HOST to where it is");
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_says_so()
    {
        var file = Path.GetTempFileName();

        (await FailAsync(new EnvironmentOptions(), NewRuntime(Settings(host: $"unix://{file}")))).ShouldEndWith(
            $"nothing answers at unix://{file}; is the Docker engine running?");

        File.Delete(file);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(8080)]
    public async Task A_server_that_exits_at_once_shows_what_it_printed_last(int? port)
    {
        var image = await ImportAsync();
        var options = new EnvironmentOptions { Image = image, Port = port, Arguments = { "sh", "-c", "/bin/busybox echo no data here; exit 3" } };
        await using var pool = NewPool(options);

        var failure = await Should.ThrowAsync<ContainerException>(pool.DescribeAsync(Cancel));

        failure.Message.ShouldStartWith("the environment server of 'test' exited at once");
        failure.Message.ShouldEndWith("it printed: no data here");
    }

    [Fact]
    public async Task A_server_that_never_becomes_healthy_shows_what_it_printed_last()
    {
        var image = await ImportAsync();
        var options = new EnvironmentOptions { Image = image, StartTimeout = TimeSpan.FromSeconds(12), Arguments = { "sh", "-c", "/bin/busybox echo waiting for better times; /bin/busybox sleep 60" } };
        await using var pool = NewPool(options);

        (await Should.ThrowAsync<ContainerException>(pool.DescribeAsync(Cancel))).Message.ShouldBe(
            "the environment server of 'test' did not become healthy within 12 s; it printed: waiting for better times");
    }

    [Fact]
    public void A_socket_folder_too_long_for_a_socket_is_refused()
    {
        Should.Throw<ContainerException>(() => NewRuntime(new DockerRuntimeOptions { SocketFolder = $"/{new string('x', 80)}" }))
            .Message.ShouldContain("too long");
    }

    [Fact]
    public async Task A_socket_folder_that_cannot_be_made_says_which_setting_to_change()
    {
        (await FailAsync(new EnvironmentOptions(), NewRuntime(new DockerRuntimeOptions { Host = Settings().Host, Farm = Farm, Image = Image, SocketFolder = "/proc/sandqueue" })))
            .ShouldContain("DockerRuntime:SocketFolder");
    }

    private async Task<string> FailAsync(EnvironmentOptions options, DockerRuntime? runtime = null) =>
        (await Should.ThrowAsync<ContainerException>((runtime ?? NewRuntime()).StartAsync("frozenlake", options, Cancel))).Message;
}
