using System.IO.Compression;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;

namespace SandQueue.Cli.Transfers;

/// <summary>Writes what a gateway streams: to a file, which has its name only when it is whole, or to the output.</summary>
internal static class OutputFile
{
    private const string Compressed = ".gz";

    public static async Task WriteAsync(Call call, string? file, string path, CancellationToken cancellationToken)
    {
        if (file is null or "-")
        {
            await foreach (var line in call.Api.LinesAsync(HttpMethod.Get, path, body: null, cancellationToken, keepsEmpty: true)) call.Screen.Streamed(line);
            return;
        }

        var part = $"{file}.part";
        try
        {
            await using (Stream whole = new FileStream(part, FileMode.Create, FileAccess.Write), target = file.EndsWith(Compressed, StringComparison.Ordinal) ? new GZipStream(whole, CompressionLevel.Optimal) : whole)
                await call.Api.CopyAsync(path, target, cancellationToken);
            File.Move(part, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{file} cannot be written: {exception.Message}", exception);
        }
        finally
        {
            Remove(part);
        }

        call.Screen.Note($"{file} is written ({new FileInfo(file).Length:#,0} bytes)");
    }

    private static void Remove(string part)
    {
        try
        {
            File.Delete(part);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is named as what it is, and the next run writes over it.
        }
    }
}
