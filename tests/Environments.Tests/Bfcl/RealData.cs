using SandQueue.Environments.Bfcl;
using SandQueue.Testing;

namespace SandQueue.Environments.Tests.Bfcl;

/// <summary>The benchmark's own files, loaded once for all tests that need them.</summary>
internal static class RealData
{
    private static readonly Lazy<BfclEnvironment> Loaded = new(() => BfclEnvironment.Load(SharedFolder.Find("data/bfcl")));

    /// <summary>The environment over them; skips the running test where they are absent.</summary>
    public static BfclEnvironment Require()
    {
        SharedFolder.Require("data/bfcl");
        return Loaded.Value;
    }
}
