using SandQueue.Hosting.Farm;
using SandQueue.Hosting.Settings;
using SandQueue.Hosting.Startup;
using SandQueue.Storage;

namespace SandQueue.Hosting.Tests.Farm;

public sealed class FarmPartsTests
{
    [Fact]
    public void Both_parts_are_read()
    {
        var (storage, transport) = FarmParts.Read(new FarmOptions { Postgres = "Host=db", RabbitMq = "amqp://u:p@broker:5673/v" });
        (storage.Database, storage.ConnectionString).ShouldBe((DatabaseKind.Postgres, "Host=db"));
        transport.RabbitMq.ShouldBe(new Uri("amqp://u:p@broker:5673/v"));
    }

    [Fact]
    public void A_broker_may_have_other_nodes()
    {
        FarmParts.Read(new FarmOptions { Postgres = "Host=db", RabbitMq = "amqp://one" }).Transport.OtherNodes.ShouldBeEmpty();
        var farm = new FarmOptions { Postgres = "Host=db", RabbitMq = "amqp://one", RabbitMqNodes = "Two.example:5672, [::1]:5673" };
        FarmParts.Read(farm).Transport.OtherNodes.ShouldBe(["Two.example:5672", "[::1]:5673"]);
    }

    [Theory]
    [InlineData("two")]
    [InlineData("two:5672,:5672")]
    [InlineData("two:0")]
    [InlineData("two:70000")]
    [InlineData("amqp://two:5672")]
    [InlineData("guest@two:5672")]
    [InlineData("two:5672/v")]
    public void A_node_that_is_no_host_with_a_port_is_refused(string nodes) =>
        Should.Throw<StartupException>(() => FarmParts.Read(new FarmOptions { Postgres = "Host=db", RabbitMq = "amqp://one", RabbitMqNodes = nodes })).Message.ShouldContain("Farm:RabbitMqNodes");

    [Fact]
    public void A_broker_may_be_behind_TLS()
    {
        var (_, transport) = FarmParts.Read(new FarmOptions { Postgres = "Host=db", RabbitMq = "amqps://u:p@broker" });
        transport.RabbitMq.ShouldBe(new Uri("amqps://u:p@broker"));
        transport.Authorities.ShouldBeNull();
    }

    [Theory]
    [InlineData("no/such.pem", "cannot be read")]
    [InlineData("SandQueue.Hosting.Tests.runtimeconfig.json", "holds no certificate")]
    public void A_file_of_authorities_that_is_none_is_named(string file, string problem)
    {
        var path = Path.Combine(AppContext.BaseDirectory, file);
        var wrong = Should.Throw<StartupException>(() => FarmParts.Read(new FarmOptions { Postgres = "Host=db", RabbitMq = "amqps://broker", RabbitMqAuthorities = path })).Message;
        wrong.ShouldContain("Farm:RabbitMqAuthorities");
        wrong.ShouldContain(problem);
        wrong.ShouldContain(path);
    }

    [Theory]
    [InlineData(null, "amqp://broker", "Farm__Postgres")]
    [InlineData("", "amqp://broker", "Farm__Postgres")]
    [InlineData("Host=db", null, "Farm__RabbitMq")]
    [InlineData("Host=db", "broker", "amqp://")]
    [InlineData("Host=db", "http://broker", "amqp://")]
    public void What_is_missing_or_wrong_is_named(string? postgres, string? rabbitMq, string named)
    {
        Should.Throw<StartupException>(() => FarmParts.Read(new FarmOptions { Postgres = postgres, RabbitMq = rabbitMq })).Message.ShouldContain(named);
    }

    [Fact]
    public void The_largest_message_is_read_and_is_no_smaller_than_an_envelope()
    {
        var farm = new FarmOptions { Postgres = "Host=db", RabbitMq = "amqp://broker", MaxMessageBytes = 1 << 20 };
        FarmParts.Read(farm).Transport.MaxMessageBytes.ShouldBe(1 << 20);
        var small = new FarmOptions { Postgres = "Host=db", RabbitMq = "amqp://broker", MaxMessageBytes = 1000 };
        Should.Throw<StartupException>(() => FarmParts.Read(small)).Message.ShouldContain("Farm:MaxMessageBytes is 1000");
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("", "", false)]
    [InlineData("Host=db", null, true)]
    [InlineData(null, "amqp://broker", true)]
    public void One_part_alone_asks_for_a_farm(string? postgres, string? rabbitMq, bool isSet) =>
        new FarmOptions { Postgres = postgres, RabbitMq = rabbitMq }.IsSet.ShouldBe(isSet);
}
