using Microsoft.Extensions.DependencyInjection;
using SandQueue.Testing;
using SandQueue.Transport.Brokers;

namespace SandQueue.Transport.Tests.RabbitMq;

/// <summary>Which brokers behind TLS are believed.</summary>
public sealed class BrokerCertificateTests(RabbitMqServer server)
{
    private const string Refusal = "is not for that name, or nobody we trust vouches for it; set Farm:RabbitMqAuthorities";

    [Fact]
    public async Task One_that_our_authority_vouches_for_is_believed()
    {
        await ProbeAsync(RabbitMqTlsTransport.Options(server, await AddressAsync()));
    }

    [Fact]
    public async Task One_that_only_a_stranger_vouches_for_is_refused_at_once()
    {
        var address = await AddressAsync();
        var refused = await Should.ThrowAsync<BrokerRefusedException>(ProbeAsync(new TransportOptions { RabbitMq = address }));
        refused.Message.ShouldStartWith($"the certificate of 127.0.0.1:{address.Port} {Refusal}");
    }

    [Fact]
    public async Task One_of_another_name_is_refused_even_if_our_authority_vouches_for_it()
    {
        var elsewhere = new UriBuilder(await AddressAsync()) { Host = "localhost" }.Uri;
        var refused = await Should.ThrowAsync<BrokerRefusedException>(ProbeAsync(RabbitMqTlsTransport.Options(server, elsewhere)));
        refused.Message.ShouldContain(Refusal);
    }

    private async Task<Uri> AddressAsync()
    {
        Assert.SkipUnless(await server.StartAsync(), server.Missing ?? "");
        Assert.SkipWhen(server.TlsAddress is null, "needs a RabbitMQ of its own, for its certificate: install rabbitmq-server, and name none");
        return server.TlsAddress!;
    }

    private static async Task ProbeAsync(TransportOptions options)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddTransport(options);
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<BrokerProbe>().ConnectAsync(TestContext.Current.CancellationToken);
    }
}
