using System.Net;
using System.Net.Sockets;
using SandQueue.Hosting.Startup;

namespace SandQueue.Hosting.Tests.Startup;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1", 8080, true)]
    [InlineData("localhost:8080", "127.0.0.1", 8080, true)]
    [InlineData("LOCALHOST:80", "127.0.0.1", 80, true)]
    [InlineData("[::1]:8080", "::1", 8080, true)]
    [InlineData("0.0.0.0:65535", "0.0.0.0", 65535, false)]
    [InlineData("[::]:80", "::", 80, false)]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0, true)]
    public void An_address_with_a_port_is_read(string address, string ip, int port, bool isLoopback)
    {
        var endpoint = ListenAddress.Parse(address);
        endpoint.ShouldBe(new IPEndPoint(IPAddress.Parse(ip), port));
        IPAddress.IsLoopback(endpoint.Address).ShouldBe(isLoopback);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":8080")]
    [InlineData("8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:x")]
    [InlineData("127.0.0.1:70000")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1: 80")]
    [InlineData("localhost")]
    [InlineData("example.com:80")]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("::1")]
    [InlineData("::1:8080")]
    [InlineData("[::1]")]
    public void What_is_no_address_with_a_port_is_said_with_one_that_is(string address)
    {
        var message = Should.Throw<StartupException>(() => ListenAddress.Parse(address)).Message;
        message.ShouldContain($"'{address}'");
        message.ShouldContain("127.0.0.1:8080");
    }

    [Fact]
    public void An_address_that_is_taken_is_said_before_anything_starts()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var taken = (IPEndPoint)holder.LocalEndpoint;

        Should.Throw<StartupException>(() => ListenAddress.RequireFree(taken)).Message.ShouldContain($"cannot listen on {taken}");

        holder.Stop();
        ListenAddress.RequireFree(taken);
    }
}
