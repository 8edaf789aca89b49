using SandQueue.Gateway.Security;
using SandQueue.Hosting.Startup;

namespace SandQueue.Gateway.Tests.Security;

public sealed class BrokerUsersTests
{
    [Fact]
    public void Users_belong_to_tenants()
    {
        var users = BrokerUsers.Read("trainer-1=anna, odd=name=berta");

        (users.TenantOf("trainer-1")?.Id, users.TenantOf("odd=name")?.Id, users.TenantOf("Trainer-1")).ShouldBe(("anna", "berta", null));
        (users.IsEmpty, BrokerUsers.Read(null).IsEmpty, BrokerUsers.Read(" , ").IsEmpty).ShouldBe((false, true, true));
    }

    [Theory]
    [InlineData("trainer", "'trainer' in Gateway:AmqpUsers is no user=tenant")]
    [InlineData("=anna", "'=anna' in Gateway:AmqpUsers is no user=tenant")]
    [InlineData("trainer=", "'trainer=' in Gateway:AmqpUsers is no user=tenant")]
    [InlineData("trainer=an na", "'trainer=an na' in Gateway:AmqpUsers is no user=tenant")]
    [InlineData("trainer=anna,trainer=berta", "user 'trainer' is in Gateway:AmqpUsers twice")]
    public void What_is_no_user_of_a_tenant_keeps_the_gateway_from_starting(string users, string problem) =>
        Should.Throw<StartupException>(() => BrokerUsers.Read(users)).Message.ShouldStartWith(problem);
}
