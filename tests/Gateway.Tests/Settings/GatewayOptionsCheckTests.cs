using SandQueue.Gateway.Settings;
using SandQueue.Hosting.Startup;
using SandQueue.Routing.Limits;

namespace SandQueue.Gateway.Tests.Settings;

public sealed class GatewayOptionsCheckTests
{
    [Fact]
    public void The_defaults_can_work() => GatewayOptionsCheck.Require(new GatewayOptions());

    [Fact]
    public void A_limit_below_0_is_named_for_everyone_and_for_one_tenant()
    {
        var options = new GatewayOptions { Limits = new TenantLimits { JournalBytes = -1, Tenants = { ["anna"] = new OwnLimits { JournalBytes = long.MinValue, LiveInstances = 0 } } } };

        var told = Should.Throw<StartupException>(() => GatewayOptionsCheck.Require(options)).Message;

        told.ShouldBe("Gateway:Limits:JournalBytes is -1; it must be above 0, or 0 for no limit; Gateway:Limits:Tenants:anna:JournalBytes is -9223372036854775808; it must be above 0, or 0 for no limit");
    }
}
