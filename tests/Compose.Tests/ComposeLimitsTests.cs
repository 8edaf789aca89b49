using System.Globalization;
using System.Text.RegularExpressions;
using SandQueue.Testing;

namespace SandQueue.Compose.Tests;

/// <summary>What <c>docker-compose.yml</c> lets each container use up and do, read from the file. That it is so when it runs, <see cref="ComposeFileTests"/> shows.</summary>
public sealed partial class ComposeLimitsTests
{
    /// <summary>From the one the kernel ends last to those it ends first.</summary>
    private static readonly string[] LastToFirst = ["postgres", "rabbitmq", "gateway", "worker", "environments"];

    private static readonly Dictionary<string, Dictionary<string, string>> Services = Read(File.ReadAllLines(Path.Combine(Repository.Root, "docker-compose.yml")));

    public static TheoryData<string> Names => new(Services.Keys);

    [Fact]
    public void Every_service_is_known_here() => Services.Keys.ShouldBe(LastToFirst, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_has_a_limit_of_memory_no_capability_that_it_does_not_name_and_no_way_to_gain_one(string name)
    {
        var service = Services[name];
        service["mem_limit"].ShouldMatch(@"^(\$\{SANDQUEUE_[A-Z]+_MEMORY:-[0-9]+g\}|[0-9]+m)$");
        service["cap_drop"].ShouldBe("[ALL]");
        service["security_opt"].ShouldBe("""["no-new-privileges"]""");
        service.ShouldNotContainKey("privileged");
    }

    [Fact]
    public void The_kernel_ends_environments_first_and_the_database_last() =>
        LastToFirst.Select(name => int.Parse(Services[name]["oom_score_adj"], CultureInfo.InvariantCulture)).ShouldBe([0, 50, 100, 200, 500]);

    [Fact]
    public void The_broker_is_told_its_limit()
    {
        var limit = Services["rabbitmq"]["mem_limit"];
        var file = File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml"));
        file.ShouldContain($"      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: -rabbit total_memory_available_override_value \"{limit}\"\n");
    }

    [Fact]
    public void Each_limit_can_be_set_and_is_listed_with_its_default()
    {
        var listed = File.ReadAllText(Path.Combine(Repository.Root, ".env.example"));
        var settings = Services.Values.Select(service => Setting().Match(service["mem_limit"])).Where(setting => setting.Success).ToList();
        settings.Count.ShouldBe(4);
        foreach (var setting in settings) listed.ShouldContain($"\n#{setting.Groups["name"].Value}={setting.Groups["default"].Value}\n");
    }

    [Fact]
    public void The_shared_volume_of_sockets_limits_bytes_and_not_the_files_that_one_container_could_use_up_for_all()
    {
        var file = File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml"));
        file.ShouldContain("      type: tmpfs\n      device: tmpfs\n      o: size=64m,nr_inodes=0,mode=0755,nosuid,nodev,noexec\n");
    }

    /// <summary>The members of each service that are written in one line, without their comments.</summary>
    private static Dictionary<string, Dictionary<string, string>> Read(string[] lines)
    {
        var services = new Dictionary<string, Dictionary<string, string>>();
        var service = "";
        foreach (var line in lines.SkipWhile(line => line != "services:").Skip(1).TakeWhile(line => line.Length == 0 || line[0] is ' ' or '#'))
        {
            if (Named().Match(line) is { Success: true } named) services[service = named.Groups["name"].Value] = [];
            else if (Member().Match(line) is { Success: true } member) services[service][member.Groups["name"].Value] = member.Groups["value"].Value;
        }

        return services;
    }

    [GeneratedRegex("^  (?<name>[a-z]+):$")]
    private static partial Regex Named();

    [GeneratedRegex("^    (?<name>[a-z_]+): (?<value>.+)$")]
    private static partial Regex Member();

    [GeneratedRegex(@"^\$\{(?<name>[A-Z_]+):-(?<default>[^}]+)\}$")]
    private static partial Regex Setting();
}
