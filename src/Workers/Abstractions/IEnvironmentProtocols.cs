using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Abstractions;

/// <summary>The protocols a worker speaks; which one an environment's server speaks is in its settings.</summary>
internal interface IEnvironmentProtocols
{
    /// <summary>The protocol of one environment, as <see cref="EnvironmentOptions.Protocol"/> names it.</summary>
    IEnvironmentProtocol Create(string environment, EnvironmentOptions options);
}
