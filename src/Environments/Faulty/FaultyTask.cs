using System.Security.Cryptography;
using System.Text;

namespace SandQueue.Environments.Faulty;

/// <summary>The tasks: one that fails only when its actions ask for it, and some that fail at Create.</summary>
internal static class FaultyTask
{
    public const string Plain = "plain";
    public const string FailCreate = "fail-create";
    public const string RefuseCreate = "refuse-create";
    public const string CrashCreate = "crash-create";
    public const string HangCreate = "hang-create";
    public const string DifferCreate = "differ-create";

    public static IReadOnlyList<string> Harmless { get; } = [Plain];

    public static IReadOnlyList<string> FailingAtCreate { get; } = [FailCreate, RefuseCreate, CrashCreate, HangCreate, DifferCreate];

    public static string DataHash { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [.. Harmless, .. FailingAtCreate]))));
}
