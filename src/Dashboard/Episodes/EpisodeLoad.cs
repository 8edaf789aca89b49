using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Dashboard.Calls;

namespace SandQueue.Dashboard.Episodes;

/// <summary>Reads an episode from the journal page by page, and again only what was last when there may be more.</summary>
internal sealed class EpisodeLoad(GatewayClient gateway, string instance, long episode)
{
    /// <summary>Entries that the viewer holds at most; the journal's JSON has all.</summary>
    public const int Most = 5_000;

    private const int PageSize = 100;

    private readonly List<EpisodeEntry> _entries = [];
    private string _cursor = $"{episode}.0";

    public IReadOnlyList<EpisodeEntry> Entries => _entries;

    public string Target => TargetOf(_cursor, PageSize);

    public async Task ReadOnAsync(CancellationToken cancellationToken)
    {
        while (_entries.Count < Most)
        {
            var (page, next) = await ReadPageAsync(_cursor, EpisodeEntry.Beginning, cancellationToken);
            _entries.RemoveAll(entry => entry.Cursor == _cursor);
            _entries.AddRange(page);
            if (next is null) return;
            _cursor = next;
        }
    }

    /// <summary>An entry with more of its texts.</summary>
    public async Task<EpisodeEntry> ReadMoreAsync(EpisodeEntry entry, int longest, CancellationToken cancellationToken) =>
        (await ReadPageAsync(entry.Cursor!, longest, cancellationToken)).Page.First(same => same.CommandId == entry.CommandId);

    public string TargetOf(string cursor, int limit) => $"/v1/instances/{Uri.EscapeDataString(instance)}/episode?cursor={cursor}&limit={limit}";

    private async Task<(List<EpisodeEntry> Page, string? Next)> ReadPageAsync(string cursor, int longest, CancellationToken cancellationToken)
    {
        var bytes = await gateway.BytesAsync("GET", TargetOf(cursor, PageSize), body: null, cancellationToken);
        using var document = ReadableJson.Parse(bytes);
        var page = document.RootElement.GetProperty("entries").EnumerateArray().Select(entry => EpisodeEntry.Read(entry, cursor, longest)).ToList();
        return (page, MessageReading.Text(document.RootElement, "next_cursor"));
    }
}
