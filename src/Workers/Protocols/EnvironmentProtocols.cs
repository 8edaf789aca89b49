using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols.AppWorld;
using SandQueue.Workers.Protocols.EnvironmentService;
using SandQueue.Workers.Protocols.OpenEnv;

namespace SandQueue.Workers.Protocols;

/// <summary>The protocols by name. To add one, add a line here.</summary>
/// <param name="time">The clock of their waits.</param>
internal sealed class EnvironmentProtocols(TimeProvider time) : IEnvironmentProtocols
{
    private static readonly Dictionary<string, Func<string, EnvironmentOptions, TimeProvider, IEnvironmentProtocol>> Factories = new(StringComparer.Ordinal)
    {
        [ProtocolNames.EnvironmentService] = (_, options, time) => new EnvironmentServiceProtocol(options, time),
        [ProtocolNames.OpenEnv] = (environment, options, time) => new OpenEnvProtocol(environment, options, time),
        [ProtocolNames.AppWorld] = (environment, options, time) => new AppWorldProtocol(environment, options, time),
    };

    public static IReadOnlyCollection<string> Names => Factories.Keys;

    public IEnvironmentProtocol Create(string environment, EnvironmentOptions options) => Factories[options.Protocol](environment, options, time);
}
