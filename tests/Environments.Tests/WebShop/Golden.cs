using System.IO.Compression;
using System.Text.Json;
using SandQueue.Environments.WebShop;
using SandQueue.Testing;

namespace SandQueue.Environments.Tests.WebShop;

/// <summary>The recorded episodes of the original, and the catalogue on which they were recorded, loaded once.</summary>
internal static class Golden
{
    private const string Episodes = "golden/webshop_episodes.jsonl.gz";
    private const string Folder = "data/webshop";

    private static readonly Lazy<WebShopEnvironment> Loaded = new(() => WebShopEnvironment.Load(SharedFolder.Find(Folder)));

    /// <summary>The environment on the small public catalogue; skips the test where that is not there.</summary>
    public static WebShopEnvironment Environment()
    {
        SharedFolder.Require(Folder);
        return Loaded.Value;
    }

    /// <summary>The lines of the recording.</summary>
    public static IEnumerable<JsonElement> Lines()
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(SharedFolder.Require(Episodes)), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }
}
