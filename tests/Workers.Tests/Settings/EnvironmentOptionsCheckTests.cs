using Microsoft.Extensions.Configuration;
using SandQueue.Contracts;
using SandQueue.Hosting.Startup;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Settings;

namespace SandQueue.Workers.Tests.Settings;

public sealed class EnvironmentOptionsCheckTests
{
    private readonly EnvironmentOptionsCheck _check = new();

    [Fact]
    public void The_settings_an_environment_has_by_itself_are_right() => Check(new EnvironmentOptions()).ShouldBeEmpty();

    [Fact]
    public void A_wrong_setting_is_named_with_its_key_and_what_it_may_be()
    {
        Check(new EnvironmentOptions { MaxContainers = 0, MinContainers = 0 }).ShouldBe(["Worker:Environments:bfcl:MaxContainers is 0; at least 1 is needed"]);
        Check(new EnvironmentOptions { Port = 70_000 }).ShouldHaveSingleItem().ShouldContain("Port is 70000");
        Check(new EnvironmentOptions { Protocol = "smoke" }).ShouldHaveSingleItem().ShouldContain("environment-service");
        Check(new EnvironmentOptions { MinContainers = 2 }).ShouldHaveSingleItem().ShouldContain("MinContainers");
        Check(new EnvironmentOptions { StartTimeout = TimeSpan.Zero }).ShouldHaveSingleItem().ShouldContain("StartTimeout");
        Check(new EnvironmentOptions { Mounts = [new MountOptions { Source = "here", Target = "/there" }] }).ShouldHaveSingleItem().ShouldContain("'here'");
    }

    [Fact]
    public void Names_of_parameters_are_for_servers_whose_own_are_not_known()
    {
        Check(new EnvironmentOptions { Parameters = ["difficulty"] }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Protocol = "openenv", Image = "i", Parameters = ["difficulty"] }).ShouldHaveSingleItem()
            .ShouldContain("Parameters is difficulty; what the protocol openenv takes is known");
        Configured(("Parameters:0", "a"), ("Parameters:1", "b")).Parameters.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void An_image_of_another_protocol_holds_one_instance_unless_it_is_said()
    {
        new EnvironmentOptions().InstancesPerContainer.ShouldBe(10_000);
        new EnvironmentOptions { Protocol = "openenv" }.InstancesPerContainer.ShouldBe(1);
        Check(new EnvironmentOptions { Protocol = "openenv", Image = "i", InstancesPerContainer = 8 }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Protocol = "appworld", Image = "i" }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Protocol = "openenv" }).ShouldHaveSingleItem().ShouldContain("Image is empty");

        // As a settings file is read, where no value is no value.
        Configured().InstancesPerContainer.ShouldBe(1);
        Configured(("InstancesPerContainer", "8")).InstancesPerContainer.ShouldBe(8);
    }

    [Fact]
    public void Checkpoints_are_for_servers_that_have_them_and_for_no_limit_they_would_count_against()
    {
        Check(new EnvironmentOptions { Protocol = "appworld", Image = "i", Replayable = "yes", CheckpointEvery = 10 }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Protocol = "appworld", Image = "i", CheckpointEvery = 10 }).ShouldHaveSingleItem().ShouldContain("needs Replayable to be yes");
        Check(new EnvironmentOptions { CheckpointEvery = 10 }).ShouldHaveSingleItem().ShouldContain("only the protocol appworld");
        Check(new EnvironmentOptions { CheckpointEvery = -1 }).ShouldHaveSingleItem().ShouldContain("CheckpointEvery is -1");
        Check(new EnvironmentOptions { Protocol = "appworld", Image = "i", Replayable = "yes", CheckpointEvery = 10, AppWorld = new AppWorldOptions { MaxInteractions = 5 } })
            .ShouldHaveSingleItem().ShouldContain("AppWorld:MaxInteractions is 5");
        Check(new EnvironmentOptions { Protocol = "appworld", Image = "i", AppWorld = new AppWorldOptions { Outputs = "outputs" } })
            .ShouldHaveSingleItem().ShouldContain("AppWorld:Outputs is 'outputs'");
    }

    [Fact]
    public void A_server_is_an_image_a_command_or_an_address()
    {
        Check(new EnvironmentOptions { Command = ["python3", "server.py"] }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Address = "http://127.0.0.1:8000", Protocol = "openenv" }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Address = "unix:/run/mine.sock" }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Command = ["a"], Image = "i" }).ShouldHaveSingleItem().ShouldContain("one of the three");
        Check(new EnvironmentOptions { Command = ["a"], Address = "unix:/s" }).ShouldHaveSingleItem().ShouldContain("Address is unix:/s");
        Check(new EnvironmentOptions { Address = "localhost:8000" }).ShouldHaveSingleItem().ShouldContain("write http://127.0.0.1:8000, or unix:/path/of.sock");
        Check(new EnvironmentOptions { Address = "unix:/s", MaxContainers = 2 }).ShouldHaveSingleItem().ShouldContain("behind an Address is one server");
        Check(new EnvironmentOptions { Address = "unix:/s", InheritedVariables = ["A"] }).ShouldHaveSingleItem().ShouldContain("inherits nothing");
        Check(new EnvironmentOptions { Command = ["a"], InheritedVariables = ["A"] }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Command = ["a"], Port = 8000, MaxContainers = 2 }).ShouldHaveSingleItem().ShouldContain("leave Port empty");

        var docker = new WorkerOptions { Runtime = "docker", Environments = { ["mine"] = new EnvironmentOptions { Command = ["a"] } } };
        Should.Throw<SandQueue.Hosting.Startup.StartupException>(() => WorkerOptionsCheck.Require(docker)).Message
            .ShouldBe("Worker:Environments:mine:Command is set, and Worker:Runtime is docker, which starts images; set Image, or Worker:Runtime to process");
        docker = new WorkerOptions { Runtime = "docker", Environments = { ["mine"] = new EnvironmentOptions { Image = "i", InheritedVariables = ["A"] } } };
        Should.Throw<SandQueue.Hosting.Startup.StartupException>(() => WorkerOptionsCheck.Require(docker)).Message
            .ShouldBe("Worker:Environments:mine:InheritedVariables is set, and Worker:Runtime is docker, whose containers inherit nothing; set Variables");
    }

    [Fact]
    public void An_assembly_is_a_file_that_our_own_server_loads()
    {
        var there = typeof(EnvironmentOptionsCheckTests).Assembly.Location;
        Check(new EnvironmentOptions { Assembly = there }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Assembly = there, Class = "Mine.Game" }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Assembly = "/nowhere/Mine.dll" }).ShouldBe(["Worker:Environments:bfcl:Assembly is /nowhere/Mine.dll, and there is no such file; build its project, or correct the path"]);
        Check(new EnvironmentOptions { Assembly = "/nowhere/Mine.dll", Enabled = false }).ShouldBeEmpty();
        Check(new EnvironmentOptions { Class = "Mine.Game" }).ShouldHaveSingleItem().ShouldContain("Class is Mine.Game, but there is no Assembly");
        Check(new EnvironmentOptions { Assembly = there, Protocol = "openenv", Image = "i" }).ShouldBe(
        [
            $"Worker:Environments:bfcl:Assembly is {there}, but there is an Image, a Command or an Address too; an assembly is loaded by SandQueue's own server",
            "Worker:Environments:bfcl:Protocol is 'openenv', but there is an Assembly, whose server speaks environment-service",
        ]);
        (new EnvironmentOptions { Assembly = there }.StartsYoung, new EnvironmentOptions { Assembly = there, Young = false }.StartsYoung).ShouldBe((true, false));

        var docker = new WorkerOptions { Runtime = "docker", Environments = { ["mine"] = new EnvironmentOptions { Assembly = there } } };
        Should.Throw<SandQueue.Hosting.Startup.StartupException>(() => WorkerOptionsCheck.Require(docker)).Message
            .ShouldBe("Worker:Environments:mine:Assembly is set, and Worker:Runtime is docker, which starts images; set Image, or Worker:Runtime to process");
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once() =>
        Check(new EnvironmentOptions { MemoryMb = 1, Pids = 0, Cpus = 0, Recycling = new RecyclingOptions { AfterInstances = 0 } }).Count.ShouldBe(4);

    [Fact]
    public void An_environment_that_is_left_out_may_be_wrong() => Check(new EnvironmentOptions { Enabled = false, MaxContainers = 0 }).ShouldBeEmpty();

    private static EnvironmentOptions Configured(params (string Key, string? Value)[] more) => new ConfigurationBuilder()
        .AddInMemoryCollection(more.Append(("Protocol", "openenv")).Select(setting => KeyValuePair.Create(setting.Item1, setting.Item2)))
        .Build()
        .Get<EnvironmentOptions>()!;

    private List<string> Check(EnvironmentOptions environment) =>
        [.. _check.Validate(null, new WorkerOptions { Environments = { ["bfcl"] = environment } }).Failures ?? []];
}
