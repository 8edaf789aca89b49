using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using SandQueue.Gateway.Settings;
using SandQueue.Hosting.Startup;
using SandQueue.Testing;
using SandQueue.Workers.Hosting;

namespace SandQueue.Gateway.Tests.Settings;

/// <summary>The variables that the pages and the compose file name, and the check that refuses what nobody reads.</summary>
public sealed partial class GatewayArgumentsTests
{
    public static TheoryData<string, string> Told
    {
        get
        {
            var told = new TheoryData<string, string>();
            string[] files = ["README.md", "docker-compose.yml", "deploy/swarm.yml", ".env.example", .. Pages("docs"), .. Pages("environments")];
            foreach (var file in files)
            {
                foreach (var name in Variable().Matches(File.ReadAllText(Path.Combine(Repository.Root, file))).Select(match => match.Value).Where(IsWhole).Distinct()) told.Add(file, name);
            }

            return told;
        }
    }

    [Theory]
    [MemberData(nameof(Told))]
    public void What_a_page_names_is_taken(string file, string name)
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddEnvironmentFiles(Path.Combine(Repository.Root, "environments"));

        // The library is what makes a name an environment of somebody's own, so it has to have a value.
        if (name.EndsWith("__Assembly", StringComparison.Ordinal)) configuration.AddInMemoryCollection([new(name["SANDQUEUE_".Length..].Replace("__", ":", StringComparison.Ordinal), "library.dll")]);
        Should.NotThrow(() => GatewayArguments.Settings.Require(configuration.Build(), [name]), file);
    }

    [Fact]
    public void A_slip_of_the_pen_is_not() =>
        Should.Throw<StartupException>(() => GatewayArguments.Settings.Require(new ConfigurationBuilder().Build(), ["SANDQUEUE_Gateway__Lisen"])).Message.ShouldContain("SANDQUEUE_Gateway__Listen?");

    [Fact]
    public void Help_names_every_switch()
    {
        var help = GatewayArguments.Serve.Printed(["--help"], "1").ShouldNotBeNull();
        foreach (var name in GatewayArguments.Switches.Keys) help.ShouldContain($"{name} ");
    }

    private static IEnumerable<string> Pages(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories).Select(page => Path.GetRelativePath(Repository.Root, page)).Order(StringComparer.Ordinal);

    /// <summary>Not a beginning, as SANDQUEUE_Worker__, or a form, as SANDQUEUE_Worker__Environments__NAME__Enabled.</summary>
    private static bool IsWhole(string name) => !name.EndsWith('_') && !name.Contains("NAME", StringComparison.Ordinal);

    [GeneratedRegex("SANDQUEUE_[A-Za-z0-9_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
