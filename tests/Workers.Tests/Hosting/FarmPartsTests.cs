using SandQueue.Storage;
using SandQueue.Workers.Hosting;

namespace SandQueue.Workers.Tests.Hosting;

public sealed class FarmPartsTests
{
    [Fact]
    public void Both_parts_are_read()
    {
        var (storage, transport) = FarmParts.Read(new FarmOptions { Postgres = "Host=db", RabbitMq = "amqp://u:p@broker:5673/v" });
        (storage.Database, storage.ConnectionString).ShouldBe((DatabaseKind.Postgres, "Host=db"));
        transport.RabbitMq.ShouldBe(new Uri("amqp://u:p@broker:5673/v"));
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

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("", "", false)]
    [InlineData("Host=db", null, true)]
    [InlineData(null, "amqp://broker", true)]
    public void One_part_alone_asks_for_a_farm(string? postgres, string? rabbitMq, bool isSet) =>
        new FarmOptions { Postgres = postgres, RabbitMq = rabbitMq }.IsSet.ShouldBe(isSet);
}
