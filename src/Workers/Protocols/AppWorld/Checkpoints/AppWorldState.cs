using System.IO.Compression;
using System.Text;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Protocols.AppWorld.Checkpoints;

/// <summary>The whole state of a world: its databases, as the server's checkpoint has them, and its Python session.</summary>
/// <param name="Session">What the agent's code has bound, the random generator and the clock, as <c>session.py</c> prints them: JSON in ASCII.</param>
/// <param name="Files">The files of the server's checkpoint, by their path in its folder.</param>
internal sealed record AppWorldState(string Session, IReadOnlyDictionary<string, byte[]> Files)
{
    /// <summary>Another number wherever the form changes, so that no version reads what another wrote.</summary>
    private const string SessionEntry = "session-1";
    private const string FilesFolder = "files/";

    /// <summary>In what another state differs; null where it is the same.</summary>
    public string? Difference(AppWorldState other)
    {
        if (Session != other.Session) return "the Python session, its random generator or its clock";
        return Files.Keys.Union(other.Files.Keys).FirstOrDefault(path => !Files.TryGetValue(path, out var here)
            || !other.Files.TryGetValue(path, out var there) || !here.AsSpan().SequenceEqual(there)) is { } differs ? $"the database file {differs}" : null;
    }

    public byte[] Pack()
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, SessionEntry, Encoding.ASCII.GetBytes(Session));
            foreach (var (path, content) in Files) Add(zip, FilesFolder + path, content);
        }

        return packed.ToArray();
    }

    /// <exception cref="EnvironmentFailedException">It is no such state.</exception>
    public static AppWorldState Unpack(ReadOnlyMemory<byte> packed)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(packed.ToArray()));
            var entries = zip.Entries.ToDictionary(entry => entry.FullName, Read, StringComparer.Ordinal);
            return new AppWorldState(
                Encoding.ASCII.GetString(entries[SessionEntry]),
                entries.Where(entry => entry.Key.StartsWith(FilesFolder, StringComparison.Ordinal))
                    .ToDictionary(entry => entry.Key[FilesFolder.Length..], entry => entry.Value, StringComparer.Ordinal));
        }
        catch (Exception exception) when (exception is InvalidDataException or KeyNotFoundException)
        {
            throw new EnvironmentFailedException($"a checkpoint cannot be read: {exception.Message}", exception);
        }
    }

    private static void Add(ZipArchive zip, string path, byte[] content)
    {
        using var entry = zip.CreateEntry(path, CompressionLevel.Fastest).Open();
        entry.Write(content);
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream((int)entry.Length);
        using var stream = entry.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
