using Microsoft.Extensions.Configuration;
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
    public void A_folder_that_is_not_there_has_no_environments()
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddEnvironmentFiles(Path.Combine(_folder.FullName, "nowhere"));
        configuration.Sources.ShouldBeEmpty();
    }

    private Dictionary<string, EnvironmentOptions> Read(IConfigurationBuilder configuration)
    {
        configuration.AddEnvironmentFiles(_folder.FullName);
        return (configuration.Build().GetSection("Worker").Get<WorkerOptions>() ?? new WorkerOptions()).Environments;
    }

    private void Write(string environment, string json) =>
        File.WriteAllText(Path.Combine(_folder.CreateSubdirectory(environment).FullName, "environment.json"), json);
}
