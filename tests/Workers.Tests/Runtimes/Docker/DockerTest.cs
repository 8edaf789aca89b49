using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SandQueue.Storage.Model;
using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Protocols.EnvironmentService;
using SandQueue.Workers.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>A farm of its own on the engine for each test, of which nothing may be left afterwards.</summary>
[Collection(nameof(DockerCollection))]
public abstract class DockerTest(DockerEngineFixture fixture) : IAsyncLifetime
{
    private readonly List<DockerRuntime> _runtimes = [];
    private readonly List<IContainer> _containers = [];
    private readonly List<string> _images = [];
    private DockerClient? _engine;

    /// <summary>Unlike that of any other test: only this one's leftovers are its own.</summary>
    protected string Farm { get; } = $"test-{Guid.NewGuid():n}";

    protected string SocketFolder { get; } = Directory.CreateDirectory($"/dev/shm/sq-{Guid.NewGuid().ToString("n")[..8]}").FullName;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected DockerClient Engine => _engine!;

    /// <summary>The image of the built-in environments.</summary>
    protected string Image { get; private set; } = "";

    private protected static EnvironmentServiceProtocol Protocol { get; } = new(new EnvironmentOptions(), TimeProvider.System);

    public virtual async ValueTask InitializeAsync()
    {
        _engine = await fixture.RequireAsync();
        Image = await EnvironmentImage.RequireAsync(_engine, Cancel);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var container in _containers) await container.DisposeAsync();
        foreach (var runtime in _runtimes) runtime.Dispose();
        foreach (var image in _images) await Engine.Images.DeleteImageAsync(image, new ImageDeleteParameters { Force = true });
        if (_engine is not null)
        {
            (await ContainersAsync()).ShouldBeEmpty();
            (await NetworksAsync()).ShouldBeEmpty();
        }

        Directory.GetFileSystemEntries(SocketFolder).ShouldBeEmpty();
        Directory.Delete(SocketFolder);
        GC.SuppressFinalize(this);
    }

    private protected DockerRuntime NewRuntime(DockerRuntimeOptions? options = null, WorkerIdentity? worker = null, TimeProvider? time = null)
    {
        var runtime = new DockerRuntime(
            Options.Create(options ?? Settings()), worker ?? new WorkerIdentity(), time ?? TimeProvider.System, NullLogger<DockerContainer>.Instance);
        _runtimes.Add(runtime);
        return runtime;
    }

    /// <param name="socketFolderKb">The limit of a container's folder.</param>
    private protected DockerRuntimeOptions Settings(int socketFolderKb) =>
        new() { Host = fixture.Address.ToString(), Farm = Farm, Image = Image, SocketFolder = SocketFolder, SocketFolderKb = socketFolderKb };

    private protected DockerRuntimeOptions Settings(string? workerContainer = null, string? host = null) => new()
    {
        Host = host ?? fixture.Address.ToString(),
        Farm = Farm,
        Image = Image,
        SocketFolder = SocketFolder,
        WorkerContainer = workerContainer,
    };

    /// <summary>Starts a container and waits until it is healthy; it ends with the test.</summary>
    private protected async Task<IContainer> StartAsync(DockerRuntime runtime, EnvironmentOptions options, string environment = "frozenlake")
    {
        var container = await StartOnlyAsync(runtime, options, environment);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel, container.Exited);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await Protocol.WaitUntilReadyAsync(container, limit.Token);
        return container;
    }

    /// <summary>Starts a container; it ends with the test.</summary>
    private protected async Task<IContainer> StartOnlyAsync(DockerRuntime runtime, EnvironmentOptions options, string environment)
    {
        var container = await runtime.StartAsync(environment, options, Cancel);
        _containers.Add(container);
        return container;
    }

    /// <summary>A pool of containers of the environment <c>test</c>.</summary>
    private protected ContainerPool NewPool(EnvironmentOptions options) =>
        new("test", options, NewRuntime(), Protocol, TimeProvider.System, NullLogger<ContainerPool>.Instance);

    /// <summary>An image of somebody else's: busybox, files and lines of a Dockerfile. It goes with the test.</summary>
    protected async Task<string> ImportAsync(string[]? changes = null, params (string Path, string Content)[] files)
    {
        var image = $"{Farm}:{_images.Count}";
        await Toolbox.ImportImageAsync(Engine, image, files.ToDictionary(file => file.Path, file => file.Content), changes ?? [], Cancel);
        _images.Add(image);
        return image;
    }

    /// <summary>What a line of shell prints inside of a container that has the toolbox mounted.</summary>
    protected Task<string> InsideAsync(string container, string script) => Toolbox.RunInsideAsync(Engine, container, script, Cancel);

    private protected static MountOptions ToolboxMount() => new() { Source = Toolbox.Require(), Target = Toolbox.Mounted };

    protected async Task<IList<ContainerListResponse>> ContainersAsync() =>
        await Engine.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = OfFarm() });

    protected async Task<IList<NetworkResponse>> NetworksAsync() => await Engine.Networks.ListNetworksAsync(new NetworksListParameters { Filters = OfFarm() });

    private Dictionary<string, IDictionary<string, bool>> OfFarm() =>
        new() { ["label"] = new Dictionary<string, bool> { [$"sandqueue.farm={Farm}"] = true } };
}
