using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Docker.DotNet;

namespace SandQueue.Testing.Docker;

/// <summary>
/// An image of one of our servers and nothing else, built on this machine by the script that <c>environments/Dockerfile</c>
/// runs. That takes a minute or two, so it is kept in <c>artifacts/</c> under the hash of its sources, for all test projects.
/// </summary>
/// <param name="name">The image's name, and its folder's.</param>
/// <param name="project">The server's project, relative to the repository.</param>
/// <param name="program">What that publishes.</param>
internal sealed partial class PublishedImage(string name, string project, string program)
{
    private static readonly string Script = Path.Combine("environments", "image-root.sh");
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(200);

    /// <summary>The image's name on that engine; skips the running test where it cannot be built.</summary>
    public async Task<string> RequireAsync(DockerClient engine, CancellationToken cancellationToken)
    {
        Assert.SkipUnless(Programs.Exist("clang") || Programs.Exist("gcc"), $"needs clang or gcc, and zlib1g-dev, to publish {program} ahead of time");
        var root = Repository.Root;
        var hash = await HashAsync(root, cancellationToken);
        var image = $"sandqueue/{name}:test-{hash}";
        if (await ImageTar.HasAsync(engine, image, cancellationToken)) return image;

        var cache = Path.Combine(root, "artifacts", $"{name}-image");
        Directory.CreateDirectory(cache);
        var tar = Path.Combine(cache, $"{hash}.tar");
        await using (await LockAsync(Path.Combine(cache, "lock"), cancellationToken))
        {
            if (!File.Exists(tar)) await BuildAsync(root, cache, tar, cancellationToken);
        }

        await using var content = File.OpenRead(tar);
        await ImageTar.ImportAsync(engine, image, content, ["""ENTRYPOINT ["/environment-server"]""", "USER 65532:65532", "ENV DOTNET_GCConserveMemory=5"], cancellationToken);
        return image;
    }

    private async Task BuildAsync(string root, string cache, string tar, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(BuildLimit);
        foreach (var old in Directory.EnumerateFiles(cache, "*.tar")) File.Delete(old);
        var work = Directory.CreateTempSubdirectory("sandqueue-image-").FullName;
        try
        {
            var image = Path.Combine(work, "image");
            await Programs.RunAsync(
                "env", [$"PROJECT={Path.Combine(root, project)}", $"PROGRAM={program}", "sh", Path.Combine(root, Script), image, Architecture(), "--artifacts-path", Path.Combine(work, "build"), "--disable-build-servers"], limit.Token);
            var unfinished = Path.Combine(work, "image.tar");
            await TarFile.CreateFromDirectoryAsync(image, unfinished, includeBaseDirectory: false, limit.Token);
            File.Move(unfinished, tar);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static string Architecture() => RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>Several test projects may want it at once; one builds.</summary>
    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LockPause);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    private async Task<string> HashAsync(string root, CancellationToken cancellationToken)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(root, project), "*", SearchOption.AllDirectories)
            .Where(file => !Built().IsMatch(Path.GetRelativePath(root, file)))
            .Append(Path.Combine(root, Script))
            .Concat(Directory.EnumerateFiles(root, "Directory.*.props"))
            .Order(StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Environment.Version} {Architecture()}"));
        foreach (var source in sources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{Path.GetRelativePath(root, source)}\n"));
            hash.AppendData(await File.ReadAllBytesAsync(source, cancellationToken));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    [GeneratedRegex("[/\\\\](bin|obj)[/\\\\]")]
    private static partial Regex Built();
}
