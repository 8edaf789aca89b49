using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols.AppWorld;
using SandQueue.Workers.Protocols.EnvironmentService;
using SandQueue.Workers.Protocols.OpenEnv;
using SandQueue.Workers.Protocols.Recorded;

namespace SandQueue.Workers.Protocols;

/// <summary>The protocols by name. To add one, add a line here.</summary>
/// <param name="time">The clock of their waits.</param>
/// <param name="recordings">The episodes of the journal; null where only servers answer.</param>
internal sealed class EnvironmentProtocols(TimeProvider time, Recordings? recordings = null) : IEnvironmentProtocols
{
    private static readonly Dictionary<string, Func<string, EnvironmentOptions, EnvironmentProtocols, IEnvironmentProtocol>> Factories = new(StringComparer.Ordinal)
    {
        [ProtocolNames.EnvironmentService] = (_, options, known) => new EnvironmentServiceProtocol(options, known.Time),
        [ProtocolNames.OpenEnv] = (environment, options, known) => new OpenEnvProtocol(environment, options, known.Time),
        [ProtocolNames.AppWorld] = (environment, options, known) => new AppWorldProtocol(environment, options, known.Time),
        [ProtocolNames.Recorded] = (_, _, known) => new RecordedProtocol(known.Recordings),
    };

    public static IReadOnlyCollection<string> Names => Factories.Keys;

    private TimeProvider Time { get; } = time;

    private Recordings Recordings => recordings ?? throw new InvalidOperationException("recorded environments need the journal");

    public IEnvironmentProtocol Create(string environment, EnvironmentOptions options) => Factories[options.Protocol](environment, options, this);
}
