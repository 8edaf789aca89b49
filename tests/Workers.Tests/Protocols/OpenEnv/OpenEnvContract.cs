using SandQueue.ProtocolServers;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Protocols.OpenEnv;

public sealed class OpenEnvContract : ProtocolContract
{
    private protected override EnvironmentOptions Options { get; } = new()
    {
        Protocol = "openenv",
        Image = "openenv",
        Replayable = "yes",
        MaxAnswerMb = 1,
        OpenEnv = new OpenEnvOptions { Splits = { ["train"] = "1-10, 666" }, ObservationField = "text" },
    };

    protected override GameServer NewServer(int capacity = 1) => new OpenEnvServer { Capacity = capacity };
}
