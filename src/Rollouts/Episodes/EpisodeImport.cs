using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Episodes;

/// <summary>
/// Stores the episodes of a file of our own form, plain or gzip, line by line: a file may be larger than memory. A line is checked whole before anything of
/// its episode is stored; what came before a wrong one stays, and is not stored twice when the file comes again.
/// </summary>
public sealed class EpisodeImport(EpisodeImports store)
{
    /// <summary>Bytes of one line, which is held in memory.</summary>
    private const int LongestLine = 256 << 20;

    /// <summary>Reads episodes and stores them.</summary>
    /// <param name="tenant">Whose they become.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Gives it up between two episodes.</param>
    /// <exception cref="ImportException">A line is wrong, or the file is cut.</exception>
    public async IAsyncEnumerable<ImportedEpisode> RunAsync(string tenant, Stream file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var source = PipeReader.Create(file);
        var isGzip = await IsGzipAsync(source, cancellationToken);
        var lines = isGzip ? PipeReader.Create(new GZipStream(source.AsStream(), CompressionMode.Decompress)) : source;
        try
        {
            for (var number = 1L; await NextAsync(lines, number, cancellationToken) is { } line; number++)
            {
                if (line.AsSpan().Trim(" \t\r"u8).IsEmpty) continue;
                yield return await StoreAsync(tenant, line, number, cancellationToken);
            }
        }
        finally
        {
            await lines.CompleteAsync();
        }
    }

    private async Task<ImportedEpisode> StoreAsync(string tenant, byte[] line, long number, CancellationToken cancellationToken)
    {
        try
        {
            var (instance, entries) = EpisodeReading.Read(line, tenant);
            var (episode, isNew) = await store.StoreAsync(instance, entries, cancellationToken);
            return new ImportedEpisode(number, episode, instance.InstanceId, isNew);
        }
        catch (FormatException exception)
        {
            throw new ImportException(number, exception.Message);
        }
    }

    /// <summary>The next line without its end; null at the end of the file.</summary>
    private static async Task<byte[]?> NextAsync(PipeReader reader, long number, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await ReadAsync(reader, number, cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted)
            {
                var last = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return last.Length == 0 ? null : last;
            }

            if (read.Buffer.Length > LongestLine) throw new ImportException(number, $"it is longer than {LongestLine >> 20} MiB");
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task<ReadResult> ReadAsync(PipeReader reader, long number, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new ImportException(number, "the gzip file is cut or broken here");
        }
    }

    private static async Task<bool> IsGzipAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        var read = await reader.ReadAtLeastAsync(2, cancellationToken);
        var beginning = read.Buffer.Slice(0, Math.Min(2, read.Buffer.Length)).ToArray();
        reader.AdvanceTo(read.Buffer.Start);
        return beginning is [0x1f, 0x8b];
    }
}
