using System.Globalization;
using System.Net;
using System.Text;
using SandQueue.Routing.Fleet;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.Hosting;

/// <summary>What a person sees once the program is up: where it listens, what it serves, and what to try next.</summary>
internal static class Banner
{
    /// <summary>Images of .NET say so; nobody sits at the keyboard of one.</summary>
    private static bool IsContainer => Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") == "true";

    public static async Task PrintAsync(WebApplication app, string dataFolder, IPEndPoint listen)
    {
        var url = $"http://{listen}";
        var environments = await EnvironmentsAsync(app.Services.GetRequiredService<FleetView>());
        var text = new StringBuilder()
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"SandQueue listens on {url}")
            .AppendLine(CultureInfo.InvariantCulture, $"Its journal is in {dataFolder}")
            .AppendLine()
            .AppendLine("Environments:");
        foreach (var environment in environments?.Values ?? [])
        {
            var tasks = environment.Unlimited ? "unlimited tasks" : $"{environment.Tasks.ToString("N0", CultureInfo.InvariantCulture)} tasks";
            text.AppendLine(CultureInfo.InvariantCulture, $"  {environment.Name,-12} {tasks,-16} {environment.DataSource}");
            foreach (var problem in environment.Problems) text.AppendLine(CultureInfo.InvariantCulture, $"  {"",-12} ! {problem}");
        }

        if (environments is null) text.AppendLine("  not known: the database was not there to ask, and is asked again with each call");
        else if (environments.Count == 0) text.AppendLine("  none could be started; the lines above say why");
        text.AppendLine()
            .AppendLine("Try:")
            .AppendLine(CultureInfo.InvariantCulture, $"  curl -s {url}/get_env_profile -d '{{\"env_type\": \"{environments?.Keys.FirstOrDefault() ?? "frozenlake"}\"}}'")
            .AppendLine()
            .AppendLine(IsContainer ? "\"docker stop\" ends it." : "Ctrl-C ends it.");
        await Console.Out.WriteLineAsync(text.ToString());
    }

    /// <summary>Null where the database does not say. It may be back with the first call, so that is no reason to end.</summary>
    private static async Task<IReadOnlyDictionary<string, ServedEnvironment>?> EnvironmentsAsync(FleetView fleet)
    {
        try
        {
            return await fleet.EnvironmentsAsync(CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return null;
        }
    }
}
