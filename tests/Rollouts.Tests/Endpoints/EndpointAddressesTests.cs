using System.Net;
using CsCheck;
using SandQueue.Hosting.Startup;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Settings;

namespace SandQueue.Rollouts.Tests.Endpoints;

public sealed class EndpointAddressesTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%3")]
    [InlineData("fec0::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("224.0.0.1")]
    [InlineData("ff02::1")]
    [InlineData("255.255.255.255")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:7f00:1::")]
    [InlineData("2001:db8::1")]
    [InlineData("168.63.129.16")]
    [InlineData("::ffff:168.63.129.16")]
    public void What_is_not_public_may_not_be_called(string address) => Rules().Allows(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700::1111")]
    public void What_is_public_may_be_called(string address) => Rules().Allows(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("loopback", "127.0.0.1", true)]
    [InlineData("loopback", "::ffff:127.0.0.1", true)]
    [InlineData("loopback", "10.0.0.1", false)]
    [InlineData("private", "192.168.1.1", true)]
    [InlineData("private", "fd00::1", true)]
    [InlineData("private", "169.254.169.254", false)]
    [InlineData("private", "127.0.0.1", false)]
    [InlineData("private", "100.64.0.1", true)]
    [InlineData("private", "100.100.100.200", false)]
    [InlineData("private", "::ffff:100.100.100.200", false)]
    [InlineData("private", "192.0.0.192", false)]
    [InlineData("private", "fd00:ec2::254", false)]
    [InlineData("private", "fd00:ec2::23", false)]
    [InlineData("private", "fd20:ce::254", false)]
    [InlineData("private", "fd00:c1::a9fe:a9fe", false)]
    [InlineData("private", "fd00:42::42", false)]
    [InlineData("private", "fd00:a9fe:a9fe::1", false)]
    [InlineData("private", "fd00:100::100:200", false)]
    [InlineData("private", "fd00:100::100:201", true)]
    [InlineData("metadata", "169.254.169.254", true)]
    [InlineData("metadata", "fd00:ec2::254", true)]
    [InlineData("metadata", "168.63.129.16", true)]
    [InlineData("metadata", "169.254.1.1", false)]
    [InlineData("metadata", "10.0.0.1", false)]
    [InlineData("100.64.0.0/10", "100.100.100.200", true)]
    [InlineData("fd00:ec2::254", "fd00:ec2::254", true)]
    [InlineData("169.254.0.0/16", "169.254.169.254", true)]
    [InlineData("10.1.0.0/16", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "10.2.2.3", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    public void Settings_allow_networks(string allowed, string address, bool isAllowed) => Rules(allowed).Allows(IPAddress.Parse(address)).ShouldBe(isAllowed);

    [Theory]
    [InlineData("localhost")]
    [InlineData("10.0.0.0/33")]
    public void A_setting_that_names_no_network_ends_the_start(string allowed) => Should.Throw<StartupException>(() => Rules(allowed)).Message.ShouldContain(allowed);

    [Fact]
    public void No_form_of_an_address_gets_around_the_rules()
    {
        var rules = Rules();
        Gen.Byte.Array[4].Sample(bytes =>
        {
            var plain = new IPAddress(bytes);
            var mapped = plain.MapToIPv6();
            rules.Allows(mapped).ShouldBe(rules.Allows(plain));
        });
    }

    [Fact]
    public async Task A_name_is_looked_up_once_and_what_was_checked_is_what_is_connected_to()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var looks = 0;
        Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken) =>
            Task.FromResult<IPAddress[]>(++looks == 1 ? [IPAddress.Parse("10.9.9.9"), IPAddress.Loopback] : [IPAddress.Parse("10.9.9.9")]);
        var rules = new EndpointAddresses(new EndpointOptions { Allow = ["loopback"] }, Resolve);

        await using (await rules.ConnectAsync("rebinding.test", port, TestContext.Current.CancellationToken))
        {
            looks.ShouldBe(1);
        }

        (await Should.ThrowAsync<AddressRefusedException>(rules.ConnectAsync("rebinding.test", port, TestContext.Current.CancellationToken))).Message.ShouldContain("rebinding.test");
    }

    private static EndpointAddresses Rules(params string[] allowed) => new(new EndpointOptions { Allow = allowed });
}
