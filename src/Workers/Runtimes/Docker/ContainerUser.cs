using System.Runtime.InteropServices;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>Whom a container's program runs as.</summary>
internal static class ContainerUser
{
    /// <summary>A user that no system gives rights to; the number many images have for it.</summary>
    private const string Nobody = "65532:65532";

    private const string Images = "image";

    /// <summary>
    /// The one the settings name; otherwise nobody where the worker is root, who can use anybody's socket, and the worker's
    /// own number where it is not, for it can use its own sockets only.
    /// </summary>
    /// <returns>Null for the image's own.</returns>
    public static string? Of(EnvironmentOptions options) => options.Relaxations.User switch
    {
        Images => null,
        { Length: > 0 } named => named,
        _ => Environment.IsPrivilegedProcess ? Nobody : $"{UserId()}:{GroupId()}",
    };

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint UserId();

    [DllImport("libc", EntryPoint = "getegid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GroupId();
}
