using SandQueue.ProtocolServers;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Protocols.AppWorld;

public sealed class AppWorldContract : ProtocolContract
{
    private readonly DirectoryInfo _datasets = AppWorldDatasets.Create();

    private protected override EnvironmentOptions Options => new()
    {
        Protocol = "appworld",
        Image = "appworld",
        Replayable = "yes",
        MaxAnswerMb = 1,
        AppWorld = new AppWorldOptions { Datasets = _datasets.FullName },
    };

    /// <summary>A second world waits for the first to be closed.</summary>
    protected override TimeSpan FullLimit => TimeSpan.FromMilliseconds(200);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _datasets.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected override string Say(string text) => $"I run this:\n```python\n{text}\n```";

    protected override GameServer NewServer(int capacity = 1) => new AppWorldServer();
}
