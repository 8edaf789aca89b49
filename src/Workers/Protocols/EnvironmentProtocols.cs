using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols.AppWorld;
using SandQueue.Workers.Protocols.EnvironmentService;
using SandQueue.Workers.Protocols.OpenEnv;

namespace SandQueue.Workers.Protocols;

/// <summary>The protocols by name. To add one, add a line here.</summary>
internal sealed class EnvironmentProtocols : IEnvironmentProtocols
{
    private static readonly Dictionary<string, Func<string, EnvironmentOptions, IEnvironmentProtocol>> Factories = new(StringComparer.Ordinal)
    {
        [ProtocolNames.EnvironmentService] = (_, options) => new EnvironmentServiceProtocol(options),
        [ProtocolNames.OpenEnv] = (environment, options) => new OpenEnvProtocol(environment, options),
        [ProtocolNames.AppWorld] = (environment, options) => new AppWorldProtocol(environment, options),
    };

    public static IReadOnlyCollection<string> Names => Factories.Keys;

    public IEnvironmentProtocol Create(string environment, EnvironmentOptions options) => Factories[options.Protocol](environment, options);
}
