using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Bfcl.MultiTurn.Services.FileSystem;
using SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;
using SandQueue.Environments.Bfcl.MultiTurn.Services.Messages;
using SandQueue.Environments.Bfcl.MultiTurn.Services.Posts;
using SandQueue.Environments.Bfcl.MultiTurn.Services.Tickets;
using SandQueue.Environments.Bfcl.MultiTurn.Services.Trading;
using SandQueue.Environments.Bfcl.MultiTurn.Services.Travel;
using SandQueue.Environments.Bfcl.MultiTurn.Services.Vehicle;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>The service classes by the names the data gives them.</summary>
internal static class ServiceCatalogue
{
    private static readonly Dictionary<string, Func<Scenario, Service>> Classes = new(StringComparer.Ordinal)
    {
        ["GorillaFileSystem"] = scenario => new GorillaFileSystem(scenario),
        ["MathAPI"] = _ => new MathApi(),
        ["MessageAPI"] = scenario => new MessageApi(scenario),
        ["TwitterAPI"] = scenario => new TwitterApi(scenario),
        ["TicketAPI"] = scenario => new TicketApi(scenario),
        ["TradingBot"] = scenario => new TradingBot(scenario),
        ["TravelAPI"] = scenario => new TravelApi(scenario),
        ["VehicleControlAPI"] = scenario => new VehicleControlApi(scenario),
    };

    public static bool Knows(string className) => Classes.ContainsKey(className);

    public static Service Start(string className, Scenario scenario) => Classes[className](scenario);
}
