using System.Formats.Tar;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>A folder of a container as the engine gives and takes it: a tar archive.</summary>
internal static class FolderArchive
{
    /// <summary>Reads the files of a folder that has nothing but files and folders.</summary>
    /// <returns>Each by its path below the folder.</returns>
    /// <exception cref="ContainerException">The archive is larger than <paramref name="mostBytes"/>, has a link or a device, or is none.</exception>
    public static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(Stream archive, string folder, long mostBytes, CancellationToken cancellationToken)
    {
        using var whole = await BufferAsync(archive, folder, mostBytes, cancellationToken);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var tar = new TarReader(whole);
        while (Next(tar, folder) is { } entry)
        {
            if (entry.EntryType == TarEntryType.Directory) continue;
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) throw new ContainerException($"{folder} has {entry.Name}, which is no file but a {entry.EntryType}");
            using var content = new MemoryStream((int)entry.Length);
            entry.DataStream?.CopyTo(content);

            // The archive's paths begin with the folder's own name.
            files[entry.Name[(entry.Name.IndexOf('/', StringComparison.Ordinal) + 1)..]] = content.ToArray();
        }

        return files;
    }

    /// <summary>An archive that unpacks below the root; the engine makes the folders that are missing.</summary>
    public static MemoryStream Write(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                using var data = new MemoryStream(content);
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{folder.Trim('/')}/{path}") { DataStream = data });
            }
        }

        archive.Position = 0;
        return archive;
    }

    private static TarEntry? Next(TarReader tar, string folder)
    {
        try
        {
            return tar.GetNextEntry();
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new ContainerException($"the engine's archive of {folder} cannot be read: {exception.Message}", exception);
        }
    }

    private static async Task<MemoryStream> BufferAsync(Stream archive, string folder, long mostBytes, CancellationToken cancellationToken)
    {
        var whole = new MemoryStream();
        var part = new byte[1 << 16];
        while (await archive.ReadAsync(part, cancellationToken) is > 0 and var read)
        {
            if (whole.Length + read > mostBytes) throw new ContainerException($"{folder} is more than {mostBytes >> 20} MB");
            whole.Write(part, 0, read);
        }

        whole.Position = 0;
        return whole;
    }
}
