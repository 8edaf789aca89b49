using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Testing;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>
/// The official program's constants for long tasks: its own file where the shared folder has it, else what the recorded
/// lines show of them.
/// </summary>
internal static class LongContextConstants
{
    private static readonly Lazy<LongContextExtension> Loaded = new(() => SharedFolder.Find("data/bfcl/long_context.py") is { } file
        ? LongContextExtension.Read(File.ReadAllText(file))
        : LongContextExtension.Of(new RecordedConstants().Learn()));

    public static LongContextExtension Extension => Loaded.Value;

    public static bool AreOfficial => SharedFolder.Find("data/bfcl/long_context.py") is not null;
}
