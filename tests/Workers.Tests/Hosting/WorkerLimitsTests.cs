using Microsoft.Extensions.Configuration;
using SandQueue.Hosting.Startup;
using SandQueue.Workers.Hosting;

namespace SandQueue.Workers.Tests.Hosting;

public sealed class WorkerLimitsTests
{
    [Fact]
    public void A_worker_keeps_the_limits_of_the_gateways_settings()
    {
        var limits = WorkerProgram.Limits(Settings(("Gateway:Limits:StepsPerSecond", "7"), ("Gateway:Limits:Tenants:anna:LiveInstances", "3")));

        (limits.StepsPerSecond, limits.Of("anna").LiveInstances, limits.Of("anna").StepsPerSecond, limits.Of("berta").LiveInstances).ShouldBe((7, 3, 7, 20_000));
    }

    [Theory]
    [InlineData("Gateway:Limits:StepsPerSecond", "-1", "Gateway:Limits:StepsPerSecond is -1")]
    [InlineData("Gateway:Limits:Tenants:anna:CreatesAtOnce", "-2", "Gateway:Limits:Tenants:anna:CreatesAtOnce is -2")]
    [InlineData("Gateway:Limits:StepsPerSecond", "many", "Gateway:Limits:StepsPerSecond")]
    public void One_that_cannot_be_kept_ends_the_start_with_its_name(string name, string value, string said) =>
        Should.Throw<StartupException>(() => WorkerProgram.Limits(Settings((name, value)))).Message.ShouldContain(said);

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
}
