using SandQueue.Hosting.Farm;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Hosting;

namespace SandQueue.Gateway.Settings;

/// <summary>What a gateway may be told: its switches, its sections of settings, and what it prints of them.</summary>
internal static class GatewayArguments
{
    /// <summary>Switches that are short for settings.</summary>
    public static readonly Dictionary<string, string> Switches = new()
    {
        ["--listen"] = "Gateway:Listen",
        ["--data"] = "Gateway:DataFolder",
    };

    private const string Help = """
        SandQueue serves training environments to LLM agents over HTTP.

        dotnet run --project src/Gateway -- [switches]
          --listen ADDRESS:PORT   where it listens; 127.0.0.1:8080 if not said
          --data FOLDER           where its journal is; ~/.local/share/sandqueue if not said
          --SECTION:NAME=VALUE    any setting, as --Worker:ParkAfter=00:10:00
          --help, --version       print this, or the version

        dotnet run --project src/Gateway -- determinism ENVIRONMENT [--episodes 20] [--times 3] [switches]
          plays the newest recorded episodes again, and compares every observation

        dotnet run --project src/Gateway -- keys create TENANT [--name NAME] [--scope use|read|admin] [--days N] [switches]
        dotnet run --project src/Gateway -- keys list [switches]
        dotnet run --project src/Gateway -- keys revoke ID [switches]
          makes, lists and revokes API keys in the database; a new key is printed once

        Settings are in appsettings.json and in variables like SANDQUEUE_Worker__ParkAfter=00:10:00; the README lists them.
        """;

    private static readonly Dictionary<string, Type> Sections = new(WorkerSections.All, StringComparer.OrdinalIgnoreCase)
    {
        ["Gateway"] = typeof(GatewayOptions),
        ["Farm"] = typeof(FarmOptions),
    };

    /// <summary>The arguments of the gateway itself.</summary>
    public static StartArguments Serve { get; } = new(Help, Switches, Sections);

    /// <summary>The arguments of the command that measures determinism.</summary>
    public static StartArguments Measure { get; } = new(Help, new Dictionary<string, string>(Switches) { ["--episodes"] = "episodes", ["--times"] = "times" }, Sections);

    /// <summary>The arguments of the command that makes and revokes API keys.</summary>
    public static StartArguments Keys { get; } = new(
        Help, new Dictionary<string, string>(Switches) { ["--name"] = "name", ["--scope"] = "scope", ["--days"] = "days" }, Sections);

    public static SettingsCheck Settings { get; } = new(Sections, ["API_KEYS", "ADMIN_KEYS", "FAULTY_MARKS"]);
}
