using Microsoft.Extensions.Configuration;
using SandQueue.Hosting.Settings;
using SandQueue.Hosting.Startup;

namespace SandQueue.Hosting.Tests.Settings;

/// <summary>Settings with a slip of the pen, and values of the wrong form.</summary>
public sealed class SettingsCheckTests
{
    [Theory]
    [InlineData("SANDQUEUE_Worker__ParkAfter", "00:10:00")]
    [InlineData("SANDQUEUE_WORKER__PARKAFTER", "1.00:00:00")]
    [InlineData("SANDQUEUE_Worker__Environments__lake__MaxContainers", "2")]
    [InlineData("SANDQUEUE_Worker__Environments__lake__Variables__ANYTHING", "x")]
    [InlineData("SANDQUEUE_Worker__Environments__lake__Names__0", "x")]
    [InlineData("SANDQUEUE_Worker__Environments__mine__Image", "mine:1")]
    [InlineData("SANDQUEUE_Worker__Ratio", "0.5")]
    [InlineData("SANDQUEUE_API_KEYS", "a")]
    [InlineData("SANDQUEUE_LAKE_DATA", "/data")]
    [InlineData("SANDQUEUE_ADDRESS", "127.0.0.1:80")]
    [InlineData("SANDQUEUE_TEST_POSTGRES", "Host=x")]
    [InlineData("SANDQUEUE_Logging__LogLevel__Default", "Debug")]
    [InlineData("PATH", "/bin")]
    public void What_is_there_is_taken(string name, string value) => Should.NotThrow(() => Require((name, value)));

    [Theory]
    [InlineData("SANDQUEUE_Worker__ParkAftr", "00:10:00", "did you mean SANDQUEUE_Worker__ParkAfter?")]
    [InlineData("SANDQUEUE_Wroker__ParkAfter", "00:10:00", "did you mean SANDQUEUE_Worker__…?")]
    [InlineData("SANDQUEUE_Worker__Environments__lake__MaxContainer", "1", "did you mean SANDQUEUE_Worker__Environments__lake__MaxContainers?")]
    [InlineData("SANDQUEUE_Worker__Environments__laek__MaxContainers", "1", "did you mean SANDQUEUE_Worker__Environments__lake__…?")]
    [InlineData("SANDQUEUE_Worker__Environments__laek__Enabled", "false", "did you mean SANDQUEUE_Worker__Environments__lake__…?")]
    [InlineData("SANDQUEUE_Worker__Environments__sea__Enabled", "false", "needs its Image")]
    [InlineData("SANDQUEUE_Worker__Environments__sea__MaxContainers", "2", "needs its Image")]
    [InlineData("SANDQUEUE_LKAE_DATA", "/data", "did you mean SANDQUEUE_LAKE_DATA?")]
    [InlineData("SANDQUEUE_API_KEY", "a", "did you mean SANDQUEUE_API_KEYS?")]
    [InlineData("SANDQUEUE_PORT", "80", "is no setting")]
    [InlineData("SANDQUEUE_Worker_ParkAfter", "00:10:00", "is no setting")]
    [InlineData("SANDQUEUE_Worker__Completely__Else", "1", "known are")]
    public void What_nobody_reads_is_refused_with_the_near_name(string name, string value, string said)
    {
        var problem = Should.Throw<StartupException>(() => Require((name, value))).Message;
        problem.ShouldStartWith(name);
        problem.ShouldContain(said);
    }

    [Theory]
    [InlineData("ParkAfter", "10m", "hours:minutes:seconds")]
    [InlineData("ParkAfter", "soon", "00:10:00")]
    [InlineData("ParkAfter", "600", "hours:minutes:seconds")]
    [InlineData("ParkAfter", "24:00:00", "1.00:00:00")]
    [InlineData("Count", "1.5", "a whole number")]
    [InlineData("Count", "3000000000", "2147483647")]
    [InlineData("Bytes", "10 MB", "a whole number")]
    [InlineData("Ratio", "half", "a number, like 0.5")]
    [InlineData("Environments__lake__Enabled", "yes", "true or false")]
    [InlineData("Environments__lake__Colour", "Blue", "Red, Green")]
    public void A_value_of_the_wrong_form_says_the_form(string path, string value, string form)
    {
        var problem = Should.Throw<StartupException>(() => Require(($"SANDQUEUE_Worker__{path}", value))).Message;
        problem.ShouldStartWith($"Worker:{path.Replace("__", ":", StringComparison.Ordinal)} is '{value}'");
        problem.ShouldContain(form);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var problem = Should.Throw<StartupException>(() => Require(("SANDQUEUE_Worker__ParkAftr", "00:10:00"), ("SANDQUEUE_Worker__Count", "x"))).Message;
        problem.ShouldContain("ParkAftr");
        problem.ShouldContain("Worker:Count");
    }

    [Fact]
    public void A_settings_file_is_looked_at_too()
    {
        var folder = Directory.CreateTempSubdirectory("sandqueue-settings-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "mine.json"), """{"Worker":{"ParkAftr":"00:10:00"},"Wroker":{},"Logging":{"Console":{}}}""");
            var configuration = new ConfigurationBuilder().SetBasePath(folder.FullName).AddJsonFile("mine.json").Build();

            var problem = Should.Throw<StartupException>(() => Check().Require(configuration, [])).Message;

            problem.ShouldContain("mine.json has Worker:ParkAftr, which is no setting; did you mean Worker:ParkAfter?");
            problem.ShouldContain("mine.json has Wroker, which is no section");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SettingsCheck Check() => new(new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase) { ["Worker"] = typeof(Options) }, ["API_KEYS"]);

    private static void Require(params (string Name, string Value)[] variables)
    {
        var given = variables.Where(variable => variable.Name.StartsWith(SettingsCheck.Prefix, StringComparison.Ordinal))
            .ToDictionary(variable => variable.Name[SettingsCheck.Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), variable => (string?)variable.Value);
        var files = new Dictionary<string, string?> { ["Worker:Environments:lake:Enabled"] = "true" };

        // In memory what variables would give: the check looks at where a setting is from only for the names of environments.
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(files).AddCommandLine([.. given.Select(setting => $"--{setting.Key}={setting.Value}")]).Build();
        Check().Require(configuration, variables.Select(variable => variable.Name));
    }

    private sealed class Options
    {
        public TimeSpan ParkAfter { get; init; }

        public int Count { get; init; }

        public long? Bytes { get; init; }

        public double Ratio { get; init; }

        public Dictionary<string, Environment> Environments { get; init; } = [];
    }

    private sealed class Environment
    {
        public bool Enabled { get; init; }

        public int MaxContainers { get; init; }

        public Colour Colour { get; init; }

        public string? Image { get; init; }

        public Dictionary<string, string> Variables { get; init; } = [];

        public List<string> Names { get; init; } = [];
    }

    private enum Colour
    {
        Red,
        Green,
    }
}
