using Microsoft.Extensions.Configuration;
using SandQueue.Hosting.Startup;
using SandQueue.Testing.Documents;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Hosting;

namespace SandQueue.Workers.Tests.Hosting;

public sealed class EnvironmentFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-environments-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_folder_with_a_file_is_an_environment_even_where_the_file_sets_nothing()
    {
        Write("bfcl", """{"InstancesPerContainer": 7, "Variables": {"A": "1"}}""");
        Write("webshop", "{}");
        _folder.CreateSubdirectory("no-environment");

        var environments = Read(new ConfigurationBuilder());

        environments.Keys.Order().ShouldBe(["bfcl", "webshop"]);
        environments["bfcl"].InstancesPerContainer.ShouldBe(7);
        environments["bfcl"].Variables["A"].ShouldBe("1");
        environments["webshop"].Enabled.ShouldBeTrue();
    }

    [Fact]
    public void The_programs_own_settings_go_before_the_files()
    {
        Write("bfcl", """{"InstancesPerContainer": 7, "MaxContainers": 3}""");

        var bfcl = Read(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>("Worker:Environments:bfcl:InstancesPerContainer", "9")]))["bfcl"];

        (bfcl.InstancesPerContainer, bfcl.MaxContainers).ShouldBe((9, 3));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        Write("bfcl", "{");
        Should.Throw<StartupException>(() => Read(new ConfigurationBuilder())).Message.ShouldContain(Path.Combine("bfcl", "environment.json"));
    }

    [Fact]
    public void A_folder_may_have_further_environments_in_files_of_their_own_name()
    {
        Write("appworld", "{}");
        Write("appworld", """{"Port": 8000}""", "official.environment.json");
        Write("appworld", "{", "noenvironment.json");

        var environments = Read(new ConfigurationBuilder());

        environments.Keys.Order().ShouldBe(["appworld", "official"]);
        environments["official"].Port.ShouldBe(8000);
    }

    [Theory]
    [InlineData("""{"MaxContainer": 3}""", "MaxContainer", "no setting")]
    [InlineData("""{"Recycling": {"AfterInstance": 3}}""", "Recycling:AfterInstance", "AfterInstances")]
    [InlineData("""{"MaxContainers": "many"}""", "MaxContainers", "many")]
    [InlineData("""{"Network": "Open"}""", "Network", "Open")]
    [InlineData("""{"MaxContainers": 0, "MinContainers": 0}""", "MaxContainers", "at least 1")]
    [InlineData("""{"Protocol": "smoke"}""", "Protocol", "openenv")]
    [InlineData("""{"Protocol": "openenv", "OpenEnv": {"Score": "average"}}""", "OpenEnv:Score", "sum, last, max")]
    [InlineData("""{"Protocol": "openenv", "OpenEnv": {"Splits": {"train": "lake"}}}""", "OpenEnv:Splits:train", "'lake' is no number")]
    [InlineData("""{"Protocol": "appworld", "InstancesPerContainer": 2}""", "InstancesPerContainer", "one world")]
    [InlineData("""{"CanonicalForm": "python"}""", "CanonicalForm", "python/1")]
    [InlineData("""{"Enabled": false, "Replayable": "maybe"}""", "Replayable", "unknown")]
    [InlineData("""{"Assembly": "bin/Mine.dll"}""", "Assembly", "/mine/bin/Mine.dll, and there is no such file")]
    [InlineData("""{"Class": "Mine.Game"}""", "Class", "no Assembly")]
    public void A_broken_file_is_refused_with_file_key_and_reason(string json, string key, string reason)
    {
        Write("webshop", "{}");
        Write("mine", json);

        var message = Should.Throw<StartupException>(() => Read(new ConfigurationBuilder())).Message;

        message.ShouldStartWith(Path.Combine(_folder.FullName, "mine", "environment.json"));
        message.ShouldContain(key);
        message.ShouldContain(reason);
        message.ShouldNotContain("\n");
    }

    [Fact]
    public void The_files_that_come_with_the_program_are_right()
    {
        var environments = Read(new ConfigurationBuilder(), Path.Combine(AppContext.BaseDirectory, "environments"));
        environments.Keys.ShouldContain("bfcl");
        environments["appworld"].Enabled.ShouldBeFalse();
        (environments["appworld_official"].Enabled, environments["appworld_official"].Protocol).ShouldBe((false, "appworld"));
    }

    [Fact]
    public void An_assembly_is_looked_for_beside_its_file_as_the_page_has_it()
    {
        var page = DocumentBlock.Read(Path.Combine("docs", "environments.md"));
        Write("guess", page.Single(block => block is { Kind: "outside", Subject: "environment.json" }).Text);
        Write("guess", "", "Guess.dll");

        Read(new ConfigurationBuilder())["guess"].Assembly.ShouldBe(Path.Combine(_folder.FullName, "guess", "Guess.dll"));
    }

    [Fact]
    public void A_folder_that_is_not_there_has_no_environments()
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddEnvironmentFiles(Path.Combine(_folder.FullName, "nowhere"));
        configuration.Sources.ShouldBeEmpty();
    }

    private Dictionary<string, EnvironmentOptions> Read(IConfigurationBuilder configuration, string? folder = null)
    {
        configuration.AddEnvironmentFiles(folder ?? _folder.FullName);
        return (configuration.Build().GetSection("Worker").Get<WorkerOptions>() ?? new WorkerOptions()).Environments;
    }

    private void Write(string environment, string json, string file = "environment.json") =>
        File.WriteAllText(Path.Combine(_folder.CreateSubdirectory(environment).FullName, file), json);
}
