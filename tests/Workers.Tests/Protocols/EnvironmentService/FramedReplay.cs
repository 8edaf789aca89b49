using SandQueue.ProtocolServers;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Protocols.EnvironmentService;

public sealed class FramedReplay(WorkerStore store) : ReplayContract(store), IClassFixture<WorkerStore>
{
    protected override Dictionary<string, string> Settings => [];

    protected override bool EvaluatesInDetail => false;

    protected override GameServer NewServer() => new FramedServer { Capacity = 10 };
}
