using SandQueue.Cli.Gateways;

namespace SandQueue.Cli.Tests.Gateways;

public sealed class GatewayAddressTests
{
    private const string Key = "sq-secret-key";

    [Fact]
    public void Without_a_word_it_is_this_machines() => Of().ShouldBe(new GatewayAddress(new Uri("http://127.0.0.1:8080"), null));

    [Fact]
    public void The_command_line_goes_before_the_environment()
    {
        var address = GatewayAddress.Of("https://farm.example/q", Key, null, name => name == GatewayAddress.UrlVariable ? "http://other" : "other");

        (address.Url, address.Key).ShouldBe((new Uri("https://farm.example/q"), Key));
    }

    [Fact]
    public void A_key_is_never_shown()
    {
        GatewayAddress.Of(null, Key, null, _ => null).ToString().ShouldBe("http://127.0.0.1:8080");
        Should.Throw<CliException>(() => GatewayAddress.Of(null, $"{Key} x", null, _ => null)).Message.ShouldNotContain(Key);
    }

    [Theory]
    [InlineData("farm:8080")]
    [InlineData("ftp://farm")]
    [InlineData("http://user:key@farm")]
    [InlineData("not an address")]
    public void What_is_no_address_is_a_wrong_command_line(string url) => Should.Throw<CliException>(() => GatewayAddress.Of(url, null, null, _ => null)).Code.ShouldBe(ExitCode.Usage);

    [Fact]
    public void A_key_file_that_is_not_there_is_named() =>
        Should.Throw<CliException>(() => GatewayAddress.Of(null, null, "/nowhere/key", _ => null)).Message.ShouldContain("/nowhere/key");

    private static GatewayAddress Of() => GatewayAddress.Of(null, null, null, _ => null);
}
