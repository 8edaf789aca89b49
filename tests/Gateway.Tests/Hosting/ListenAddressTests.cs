using System.Net;
using SandQueue.Gateway.Hosting;
using SandQueue.Workers.Hosting;

namespace SandQueue.Gateway.Tests.Hosting;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1", 8080)]
    [InlineData("localhost:9000", "127.0.0.1", 9000)]
    [InlineData("LOCALHOST:9000", "127.0.0.1", 9000)]
    [InlineData("[::1]:81", "::1", 81)]
    [InlineData("0.0.0.0:0", "0.0.0.0", 0)]
    public void An_address_and_a_port_are_read(string written, string address, int port)
    {
        ListenAddress.Parse(written).ShouldBe(new IPEndPoint(IPAddress.Parse(address), port));
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("example.org:80")]
    [InlineData("::1")]
    [InlineData("")]
    public void Anything_else_is_one_line_that_shows_how_to_write_it(string written)
    {
        var message = Should.Throw<StartupException>(() => ListenAddress.Parse(written)).Message;
        message.ShouldContain($"'{written}'");
        message.ShouldContain("127.0.0.1:8080");
    }
}
