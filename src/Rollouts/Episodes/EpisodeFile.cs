using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SandQueue.Rollouts.Episodes;

/// <summary>The lines of a file of our own form, plain or gzip. One line is in memory at a time.</summary>
internal static class EpisodeFile
{
    /// <summary>Bytes of one line, which is held in memory.</summary>
    private const int LongestLine = 64 << 20;

    private const int BufferBytes = 64 << 10;

    /// <summary>Reads its lines, without those that are empty.</summary>
    /// <param name="file">The file, which stays open.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Each with its number, from 1, and without its end.</returns>
    /// <exception cref="ImportException">A line is too long, or the file is cut.</exception>
    public static async IAsyncEnumerable<(long Number, byte[] Line)> LinesAsync(Stream file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var source = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        var isGzip = await IsGzipAsync(source, cancellationToken);
        var lines = isGzip ? PipeReader.Create(new GZipStream(source.AsStream(), CompressionMode.Decompress), new StreamPipeReaderOptions(bufferSize: BufferBytes)) : source;
        try
        {
            for (var number = 1L; await NextAsync(lines, number, cancellationToken) is { } line; number++)
            {
                if (!line.AsSpan().Trim(" \t\r"u8).IsEmpty) yield return (number, line);
            }
        }
        finally
        {
            await lines.CompleteAsync();
        }
    }

    /// <summary>The next line without its end; null at the end of the file.</summary>
    private static async Task<byte[]?> NextAsync(PipeReader reader, long number, CancellationToken cancellationToken)
    {
        // What was searched is not searched again: a long line comes in many parts.
        for (var searched = 0L; ;)
        {
            var read = await ReadAsync(reader, number, cancellationToken);
            var end = read.Buffer.Slice(searched).PositionOf((byte)'\n');
            var whole = end is { } at ? read.Buffer.Slice(0, at) : read.Buffer;
            if (whole.Length > LongestLine) throw new ImportException(number, $"it is longer than {LongestLine >> 20} MiB, and no line may be");
            if (end is { } lineEnd)
            {
                var line = whole.ToArray();
                reader.AdvanceTo(read.Buffer.GetPosition(1, lineEnd));
                return line;
            }

            if (read.IsCompleted)
            {
                var last = whole.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return last.Length == 0 ? null : last;
            }

            searched = whole.Length;
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
