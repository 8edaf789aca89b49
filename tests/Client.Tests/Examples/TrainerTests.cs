using SandQueue.Client.Tests.Servers;
using SandQueue.Testing;

namespace SandQueue.Client.Tests.Examples;

/// <summary>The trainer in <c>examples</c>, run as a program over either transport.</summary>
[Collection(typeof(OnOneFarm))]
public sealed class TrainerTests(EmbeddedProgram program, ClientFarm farm)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public void It_has_less_than_60_lines() => File.ReadAllLines(Path.Combine(Repository.Root, "examples", "Trainer", "Program.cs")).Length.ShouldBeLessThan(60);

    [Fact]
    public async Task It_plays_over_HTTP() => await PlaysAsync((await program.AddressAsync()).ToString());

    [Fact]
    public async Task It_plays_over_HTTP_with_a_key()
    {
        await farm.StartAsync();
        await PlaysAsync(farm.Gateway.ToString(), ("TRAINER_KEY", ClientFarm.Key));
    }

    [Fact]
    public async Task It_plays_over_RabbitMQ()
    {
        await farm.StartAsync();
        await PlaysAsync(farm.Trainer.ToString());
    }

    [Fact]
    public async Task What_it_cannot_do_is_one_line()
    {
        await farm.StartAsync();

        var (exit, output, errors) = await RunAsync(farm.Gateway.ToString(), ("TRAINER_KEY", "another"));

        (exit, output, errors.Count(letter => letter == '\n')).ShouldBe((1, "", 1), errors);
        errors.ShouldStartWith("unauthenticated: ");
    }

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(string address, params (string Name, string Value)[] environment)
    {
        var library = BuiltProgram.Library("Client").Replace(Path.Combine("src", "Client"), Path.Combine("examples", "Trainer"), StringComparison.Ordinal).Replace("SandQueue.Client.dll", "SandQueue.Trainer.dll", StringComparison.Ordinal);

        return Dotnet.RunAsync(["exec", library, address, "3"], Limit, environment);
    }

    private static async Task PlaysAsync(string address, params (string Name, string Value)[] environment)
    {
        var (exit, output, errors) = await RunAsync(address, environment);

        exit.ShouldBe(0, $"{output}{errors}");
        output.Split('\n').Count(line => line.StartsWith("step ", StringComparison.Ordinal)).ShouldBe(3, output);
        output.ShouldContain("3 episodes, mean reward ");
    }
}
