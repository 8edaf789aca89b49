using SandQueue.Bench.Scale;

namespace SandQueue.Bench.Tests.Scale;

public sealed class EnvironmentMemoryTests
{
    [Fact]
    public void Resident_memory_is_read_in_megabytes() => EnvironmentMemory.Read(["VmPeak:\t 3072 kB", "VmRSS:\t    2560 kB", "Threads:\t12"]).ShouldBe(2.5);
}
