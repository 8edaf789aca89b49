using SandQueue.EndToEnd;
using SandQueue.Programs;

[assembly: AssemblyFixture(typeof(SharedProgram))]

namespace SandQueue.EndToEnd;

/// <summary>One program with every environment, for all tests that only call it; its end checks that it leaves nothing.</summary>
public sealed class SharedProgram : IAsyncLifetime
{
    private RunningProgram? _program;

    public Caller Caller => _program!.Caller;

    public async ValueTask InitializeAsync() => _program = await RunningProgram.StartAsync(
        ProgramSettings.Serving("bfcl", "frozenlake", "countdown", "webshop", "faulty", "faulty_evaluate"));

    public async ValueTask DisposeAsync()
    {
        await _program!.EndAsync();
        await _program.DisposeAsync();
    }
}
