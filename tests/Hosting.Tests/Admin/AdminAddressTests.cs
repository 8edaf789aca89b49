using System.Net;
using System.Net.Sockets;
using SandQueue.Hosting.Admin;
using SandQueue.Hosting.Startup;
using SandQueue.Testing;

namespace SandQueue.Hosting.Tests.Admin;

public sealed class AdminAddressTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Without_a_setting_there_is_none(string? address) => AdminAddress.Read("Gateway:AdminListen", address).ShouldBeNull();

    [Fact]
    public void A_port_alone_is_on_loopback()
    {
        var port = FreePort.Take();
        AdminAddress.Read("Gateway:AdminListen", $"{port}").ShouldBe(new IPEndPoint(IPAddress.Loopback, port));
    }

    [Fact]
    public void An_address_is_taken_as_it_is()
    {
        var port = FreePort.Take();
        AdminAddress.Read("Gateway:AdminListen", $"0.0.0.0:{port}").ShouldBe(new IPEndPoint(IPAddress.Any, port));
    }

    [Theory]
    [InlineData("70000")]
    [InlineData("-1")]
    [InlineData("here")]
    [InlineData("http://127.0.0.1:80")]
    public void What_is_neither_is_refused_with_the_setting_s_name(string address)
    {
        var message = Should.Throw<StartupException>(() => AdminAddress.Read("Worker:AdminListen", address)).Message;
        message.ShouldStartWith("Worker:AdminListen: ");
        message.ShouldContain($"'{address}'");
    }

    [Fact]
    public void One_that_is_taken_is_refused_before_anything_starts()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        Should.Throw<StartupException>(() => AdminAddress.Read("Gateway:AdminListen", $"{port}")).Message.ShouldStartWith($"Gateway:AdminListen: cannot listen on 127.0.0.1:{port}");
    }
}
