using SandQueue.Hosting.Farm;
using SandQueue.Hosting.Startup;

namespace SandQueue.Hosting.Tests.Farm;

/// <summary>Addresses of the broker and the database that nobody could ever connect with.</summary>
public sealed class FarmAddressesTests
{
    private const string Secret = "s3cret";

    [Theory]
    [InlineData("Host=db")]
    [InlineData("Host=db;Port=5433;Database=d;Username=u;Password=s3cret;SSL Mode=Require;Maximum Pool Size=5")]
    [InlineData("Server=db;User Id=u;Password='a;b=c'")]
    [InlineData("Host=/run/postgresql;Username=u;")]
    public void Connection_strings_are_taken(string given) => FarmAddresses.Postgres(given).ShouldBe(given);

    [Theory]
    [InlineData("postgres://u:s3cret@db/d", "is a URL")]
    [InlineData("Database=d;Username=u;Password=s3cret", "no Host")]
    [InlineData("Host=;Password=s3cret", "no Host")]
    [InlineData("Host=db;Pasword=s3cret", "Pasword")]
    [InlineData("Host=db;Port=many;Password=s3cret", "Port")]
    [InlineData("Host=db;Port=70000;Password=s3cret", "Port")]
    [InlineData("Host=db;SSL Mode=Perhaps;Password=s3cret", "SSL Mode")]
    [InlineData("Host=db;Timeout=long;Password=s3cret", "Timeout")]
    [InlineData("db", "without '='")]
    [InlineData("Host=db;sandqueue;Password=s3cret", "without '='")]
    public void A_malformed_connection_string_names_what_is_wrong(string given, string named) => Refused(() => FarmAddresses.Postgres(given), "Farm:Postgres", named);

    [Theory]
    [InlineData("amqp://broker")]
    [InlineData("amqp://u:s3cret@broker:5673/v")]
    [InlineData("amqps://u:p%40ss@broker/")]
    [InlineData("amqp://u:p@[::1]:5672/%2F")]
    public void Addresses_of_brokers_are_taken(string given) => FarmAddresses.RabbitMq(given).ShouldBe(new Uri(given));

    [Theory]
    [InlineData("broker:5672", "amqp://")]
    [InlineData("http://u:s3cret@broker", "amqp://")]
    [InlineData("amqp://", "no host")]
    [InlineData("amqp://u:s3cret@", "no host")]
    [InlineData("amqp://u:s3cret@:5672", "no host")]
    [InlineData("amqp://u:s3cret@broker:port", "port")]
    [InlineData("amqp://u:s3cret@broker:99999", "port")]
    [InlineData("amqp://u:s3cret@bro ker", "host")]
    [InlineData("amqp://u@broker", "without a password")]
    [InlineData("amqp://u:s3cret#1@broker", "%23")]
    [InlineData("amqp://u:s3@cret@broker", "%40")]
    [InlineData("amqp://u:s3cret@broker/a/b", "%2F")]
    [InlineData("amqp://u:s3cret@broker?heartbeat=5", "'?'")]
    public void A_malformed_address_names_what_is_wrong(string given, string named) => Refused(() => FarmAddresses.RabbitMq(given), "Farm:RabbitMq", named);

    private static void Refused(Action read, string setting, string named)
    {
        var problem = Should.Throw<StartupException>(read).Message;
        problem.ShouldStartWith(setting);
        problem.ShouldContain(named);
        problem.ShouldNotContain(Secret);
    }
}
