using SandQueue.ProtocolServers;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Protocols.EnvironmentService;

/// <summary>The environment service as AgentScope's images serve it.</summary>
public sealed class AgentScopeContract : ProtocolContract
{
    private protected override EnvironmentOptions Options { get; } = new() { Image = "agentscope", Replayable = "yes", MaxAnswerMb = 1 };

    /// <summary>A message is the server's to read.</summary>
    protected override bool ReadsMessages => false;

    protected override GameServer NewServer(int capacity = 1) => new AgentScopeServer { Capacity = capacity };
}
