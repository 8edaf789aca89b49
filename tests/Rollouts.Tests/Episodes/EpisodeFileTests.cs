using System.IO.Compression;
using System.Text;
using SandQueue.Rollouts.Episodes;

namespace SandQueue.Rollouts.Tests.Episodes;

public sealed class EpisodeFileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_of_any_length_come_whole_with_their_numbers(bool isGzip)
    {
        var texts = (string[])["short", "", new string('a', 300_000), "last"];

        var lines = await LinesAsync(Encoding.UTF8.GetBytes(string.Join('\n', texts)), isGzip);

        lines.Select(line => line.Number).ShouldBe([1, 3, 4]);
        lines.Select(line => Encoding.UTF8.GetString(line.Line)).ShouldBe([texts[0], texts[2], texts[3]]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_line_that_is_too_long_is_refused(bool isEnded)
    {
        var file = new byte[(64 << 20) + 10];
        file.AsSpan().Fill((byte)'a');
        file[1] = (byte)'\n';
        if (isEnded) file[^1] = (byte)'\n';
        (await Should.ThrowAsync<ImportException>(LinesAsync(file, isGzip: false))).Message.ShouldBe("line 2: it is longer than 64 MiB, and no line may be");
    }

    private static async Task<List<(long Number, byte[] Line)>> LinesAsync(byte[] bytes, bool isGzip)
    {
        using var file = new MemoryStream();
        if (isGzip)
        {
            await using var packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
            await packed.WriteAsync(bytes, Cancel);
        }
        else
        {
            file.Write(bytes);
        }

        file.Position = 0;
        var lines = new List<(long, byte[])>();
        await foreach (var line in EpisodeFile.LinesAsync(file, Cancel)) lines.Add(line);
        return lines;
    }
}
