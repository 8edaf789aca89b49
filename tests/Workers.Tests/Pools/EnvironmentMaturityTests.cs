using Microsoft.Extensions.Logging;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Pools;

/// <summary>What an environment did not survive is in the log with the instance, whoever it is counted to.</summary>
public sealed class EnvironmentMaturityTests : IDisposable
{
    private readonly KeptLines _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Of_a_young_environment_the_log_has_the_instance_and_what_the_server_printed()
    {
        Conclude(young: true, "Traceback: here").ShouldNotBeNull().ShouldContain("'mine' is young (its setting Young says so)");
        _log.Lines.ShouldBe([(
            LogLevel.Warning,
            "instance 'i-1' of the young environment 'mine': it did not survive, twice, the second time alone in its container; its server printed last: Traceback: here")]);
    }

    [Fact]
    public void Of_another_the_agents_doing_is_in_the_log_too()
    {
        Conclude(young: false, "").ShouldBeNull();
        _log.Lines.ShouldBe([(
            LogLevel.Information,
            "instance 'i-1' of environment 'mine': it did not survive, twice, the second time alone in its container; its server printed last: nothing")]);
    }

    private string? Conclude(bool young, string printed) =>
        new EnvironmentMaturity("mine", new EnvironmentOptions { Young = young }, _log).Conclude("i-1", "it did not survive", printed);
}
