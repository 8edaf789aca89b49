using System.Runtime.CompilerServices;

namespace SandQueue;

/// <summary>
/// Ends a test program that hangs, so that the programs after it run and the run ends with its counts. A test has limits of its own; what is
/// caught here waits where none holds, as the end of a fixture does.
/// </summary>
internal static class TestRunLimit
{
    /// <summary>More than the hour that the farm by the page (Compose.Tests) may take before it is ended with its containers.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(75);

    private static Timer? _timer;

    [ModuleInitializer]
    internal static void Start() => _timer = new Timer(_ => Environment.FailFast($"The tests did not end within {Limit.TotalMinutes:0} minutes: one of them, or the end of a fixture, hangs."), null, Limit, Timeout.InfiniteTimeSpan);
}
