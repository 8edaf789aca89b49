using SandQueue.Client.Tests.Servers;
using SandQueue.Programs;
using SandQueue.Testing;

[assembly: AssemblyFixture(typeof(RabbitMqServer))]
[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(EmbeddedProgram))]

namespace SandQueue.Client.Tests.Servers;

/// <summary>The real program as a person starts it, for all tests that call it. It starts when the first test asks for it.</summary>
public sealed class EmbeddedProgram : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1);
    private RunningProgram? _program;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<Uri> AddressAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _program ??= await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake", "faulty"));
            return _program.Address;
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync();
        _starting.Dispose();
    }
}
