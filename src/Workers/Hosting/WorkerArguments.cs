using SandQueue.Hosting.Farm;
using SandQueue.Hosting.Settings;

namespace SandQueue.Workers.Hosting;

/// <summary>What a worker program may be told: its sections of settings, and what it prints of them.</summary>
internal static class WorkerArguments
{
    private const string Help = """
        A SandQueue worker serves environments to the gateways of a farm.

        SandQueue.Workers [switches]
          --SECTION:NAME=VALUE    any setting, as --Worker:ParkAfter=00:10:00
          --help, --version       print this, or the version

        It needs SANDQUEUE_Farm__RabbitMq and SANDQUEUE_Farm__Postgres. Settings are in worker.json and in variables like
        SANDQUEUE_Worker__ParkAfter=00:10:00; docs/farm.md and environments/README.md list them.
        """;

    private static readonly Dictionary<string, Type> Sections = new(WorkerSections.All, StringComparer.OrdinalIgnoreCase) { ["Farm"] = typeof(FarmOptions) };

    public static StartArguments Arguments { get; } = new(Help, new Dictionary<string, string>(), Sections);

    /// <summary>Keys are the gateway's; the variables of one farm are often given to all its programs.</summary>
    public static SettingsCheck Settings { get; } = new(new Dictionary<string, Type>(Sections, StringComparer.OrdinalIgnoreCase) { ["Gateway"] = typeof(object) }, ["API_KEYS", "ADMIN_KEYS", "FAULTY_MARKS"]);
}
