using System.Formats.Tar;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace SandQueue.Testing.Docker;

/// <summary>A root folder as a tar, which an engine takes for an image: no registry is needed.</summary>
public static class ImageTar
{
    private const UnixFileMode ReadAndRun = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <param name="tar">Where to write it.</param>
    /// <param name="files">Paths in the image, with what lies there.</param>
    public static async Task WriteAsync(Stream tar, IEnumerable<(string Path, Stream Content)> files)
    {
        await using var writer = new TarWriter(tar, leaveOpen: true);
        foreach (var (path, content) in files)
        {
            await using (content)
            {
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path.TrimStart('/')) { Mode = ReadAndRun, DataStream = content });
            }
        }
    }

    /// <param name="engine">Where the image is to be.</param>
    /// <param name="image">Its name, with a tag.</param>
    /// <param name="tar">Its root folder.</param>
    /// <param name="changes">Lines of a Dockerfile: entry point, user, volumes.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task ImportAsync(DockerClient engine, string image, Stream tar, IList<string> changes, CancellationToken cancellationToken)
    {
        var name = image.Split(':');
        await engine.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = name[0], Tag = name[1], Changes = changes }, tar, null, new Progress<JSONMessage>(), cancellationToken);
    }

    /// <summary>Builds an image from a Dockerfile and what it copies.</summary>
    /// <param name="engine">Where the image is to be.</param>
    /// <param name="image">Its name, with a tag.</param>
    /// <param name="files">The Dockerfile and the others, by name.</param>
    /// <param name="arguments">Its build arguments.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task BuildAsync(
        DockerClient engine, string image, IEnumerable<KeyValuePair<string, string>> files, Dictionary<string, string> arguments, CancellationToken cancellationToken)
    {
        using var tar = new MemoryStream();
        await WriteAsync(tar, files.Select(file => (file.Key, (Stream)new MemoryStream(System.Text.Encoding.UTF8.GetBytes(file.Value)))));
        tar.Position = 0;
        string? error = null;
        await engine.Images.BuildImageFromDockerfileAsync(
            new ImageBuildParameters { Tags = [image], BuildArgs = arguments, Remove = true, ForceRemove = true },
            tar,
            [],
            new Dictionary<string, string>(),
            new Progress<JSONMessage>(message => error ??= message.ErrorMessage),
            cancellationToken);
        if (!await HasAsync(engine, image, cancellationToken)) throw new InvalidOperationException($"the image {image} was not built: {error}");
    }

    public static async Task<bool> HasAsync(DockerClient engine, string image, CancellationToken cancellationToken)
    {
        try
        {
            await engine.Images.InspectImageAsync(image, cancellationToken);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }
}
