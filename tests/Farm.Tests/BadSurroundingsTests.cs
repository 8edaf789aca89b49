using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;
using SandQueue.Testing.Farm;

namespace SandQueue.Farm.Tests;

/// <summary>What keeps a program of a farm from starting is one line and exit code 1.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class BadSurroundingsTests(RabbitMqServer rabbit, PostgresServer postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("Gateway")]
    [InlineData("Workers")]
    public async Task A_broker_that_is_down_is_waited_for_and_then_named(string program)
    {
        await using var farm = await NewFarmAsync();
        var started = farm.Start(program, ("Farm:RabbitMq", $"amqp://guest:guest@127.0.0.1:{FreePort.Take()}"), ("Farm:StartTimeout", "00:00:10"));
        await EndsWithAsync(started, "sandqueue: the broker did not come up within 10 s (Farm:StartTimeout): ");
        started.Output.ShouldContain(line => line.Contains("waiting for the broker", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Gateway")]
    [InlineData("Workers")]
    public async Task A_database_that_is_down_is_waited_for_and_then_named(string program)
    {
        await using var farm = await NewFarmAsync();
        var started = farm.Start(program, ("Farm:Postgres", $"Host=127.0.0.1;Port={FreePort.Take()};Username=sandqueue;Password=x"), ("Farm:StartTimeout", "00:00:10"));
        await EndsWithAsync(started, "sandqueue: the database did not come up within 10 s (Farm:StartTimeout): ");
        started.Output.ShouldContain(line => line.Contains("waiting for the database", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_password_of_the_broker_is_said_at_once()
    {
        await using var farm = await NewFarmAsync();
        var wrong = new UriBuilder(rabbit.Address) { UserName = "guest", Password = "wrong" }.Uri;
        var started = farm.Start("Workers", ("Farm:RabbitMq", wrong.ToString()));
        await EndsWithAsync(started, $"sandqueue: the broker refused access: user 'guest' was not authenticated at {wrong.Host}:{wrong.Port}");
        started.Output.ShouldAllBe(line => !line.Contains("wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_password_of_the_database_is_said_at_once()
    {
        await using var farm = await NewFarmAsync();
        var started = farm.Start("Workers", ("Farm:Postgres", $"{postgres.Database("postgres")};Password=wrong"));
        await EndsWithAsync(started, "sandqueue: the database refused access: password authentication failed for user \"sandqueue\"");
    }

    [Theory]
    [InlineData("Workers", "Farm:Postgres", "sandqueue: a farm needs a database: set SANDQUEUE_Farm__Postgres")]
    [InlineData("Workers", "Farm:RabbitMq", "sandqueue: a farm needs a broker: set SANDQUEUE_Farm__RabbitMq")]
    [InlineData("Gateway", "Farm:Postgres", "sandqueue: a farm needs a database: set SANDQUEUE_Farm__Postgres")]
    public async Task A_missing_setting_is_named(string program, string setting, string line)
    {
        await using var farm = await NewFarmAsync();
        await EndsWithAsync(farm.Start(program, (setting, "")), line);
    }

    [Theory]
    [InlineData("unix:///no/such.sock", "sandqueue: cannot list containers: there is no Docker engine at unix:///no/such.sock; start it, or set DockerRuntime:Host or DOCKER_HOST")]
    [InlineData("nonsense", "sandqueue: 'nonsense' is no address of a Docker engine; write DockerRuntime:Host or DOCKER_HOST like unix:///var/run/docker.sock")]
    public async Task A_worker_without_an_engine_says_where_it_looked(string host, string line)
    {
        await using var farm = await NewFarmAsync();
        await EndsWithAsync(farm.Start("Workers", ("Worker:Runtime", "docker"), ("DockerRuntime:Host", host), ("DockerRuntime:SocketFolder", "/dev/shm/sq-none")), line);
    }

    [Fact]
    public async Task Ten_programs_may_bring_an_empty_database_to_the_schema_at_once()
    {
        await using var farm = await NewFarmAsync();

        // They end with the broker, which comes after the database, so all ten have migrated it by then.
        (string, string)[] settings = [("Farm:RabbitMq", $"amqp://guest:guest@127.0.0.1:{FreePort.Take()}"), ("Farm:StartTimeout", "00:00:00")];
        var started = Enumerable.Range(0, 10).Select(index => farm.Start(index % 2 == 0 ? "Workers" : "Gateway", settings)).ToList();

        foreach (var program in started) await EndsWithAsync(program, "sandqueue: the broker did not come up within 0 s");
        (await farm.Database.MigrationsAsync()).ShouldBePositive();
    }

    private static async Task EndsWithAsync(FarmProgram program, string line)
    {
        (await program.ExitCodeAsync(Limit)).ShouldBe(1, program.LastOutput);
        program.Output.Where(printed => printed.StartsWith("sandqueue: ", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldStartWith(line);
        program.Output.ShouldAllBe(printed => !printed.Contains("   at ", StringComparison.Ordinal), program.LastOutput);
    }

    private Task<TestFarm> NewFarmAsync() => TestFarm.NewAsync(rabbit, postgres, []);
}
