using System.Diagnostics;

namespace SandQueue.Testing.Docker;

/// <summary>File systems that a killed worker left mounted: nobody else is there to look after them when a test ends.</summary>
public static class Mounts
{
    private const string Script = """awk -v folder="$1/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done""";

    /// <summary>Unmounts all that is mounted below a folder.</summary>
    public static async Task RemoveBelowAsync(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", folder]))!;
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
