using SandQueue.Gateway.Amqp;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Tests.Security;

namespace SandQueue.Gateway.Tests.Amqp;

public sealed class AmqpSendersTests
{
    private const string Keys = "anna=key-of-anna";
    private const string Users = "trainer=berta";

    [Theory]
    [InlineData(null, null, null, null, "local")]
    [InlineData(null, null, null, "trainer", "local")]
    [InlineData(Keys, null, "key-of-anna", "trainer", "anna")]
    [InlineData(Keys, null, null, "trainer", null)]
    [InlineData(Keys, Users, null, "trainer", "berta")]
    [InlineData(Keys, Users, "key-of-anna", "trainer", "anna")]
    [InlineData(Keys, Users, "wrong", "trainer", null)]
    [InlineData(Keys, Users, null, "stranger", null)]
    [InlineData(null, Users, null, "trainer", "berta")]
    [InlineData(null, Users, "anything", "trainer", "berta")]
    [InlineData(null, Users, null, null, null)]
    [InlineData(null, Users, "anything", null, null)]
    public async Task A_message_is_its_keys_tenants_else_its_users(string? keys, string? users, string? key, string? user, string? tenant)
    {
        var senders = new AmqpSenders(new SettingsKeys(ApiKeys.Read(keys)), BrokerUsers.Read(users));
        var message = new AmqpMessage(1, [], 0, null, null, null, null, null, key, user, HasWaited: false);

        (await senders.FindAsync(message, TestContext.Current.CancellationToken))?.Tenant.Name.ShouldBe(tenant);
        (await senders.FindAsync(message, TestContext.Current.CancellationToken) is null).ShouldBe(tenant is null);
        senders.AreOneTenant.ShouldBe(keys is null && users is null);
        senders.Refusal(message).ShouldNotBeEmpty();
    }
}
