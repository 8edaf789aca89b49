using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary>Takes a page out of a split's task ids. A cursor is the last id of the page before, so that it holds when tasks are added.</summary>
internal static class TaskPages
{
    /// <param name="answer">A JSON array of ids, in the order of the data.</param>
    /// <param name="search">What an id has to contain; null for all.</param>
    /// <param name="cursor">The cursor; null for the first page.</param>
    /// <param name="limit">How many ids at most.</param>
    /// <exception cref="Http.BadRequestException">The cursor is none of this list.</exception>
    public static TaskPage Read(byte[] answer, string? search, string? cursor, int limit)
    {
        using var ids = JsonDocument.Parse(answer);
        var all = ids.RootElement.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.String).Select(id => id.GetString()!);
        if (cursor is not null) all = After(all, Decoded(cursor));
        var page = all.Where(id => search is null || id.Contains(search, StringComparison.OrdinalIgnoreCase)).Take(limit + 1).ToList();
        return page.Count <= limit ? new TaskPage(page, NextCursor: null) : new TaskPage(page[..limit], Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page[limit - 1])));
    }

    private static IEnumerable<string> After(IEnumerable<string> all, string last)
    {
        var list = all.ToList();
        var at = list.IndexOf(last);
        return at < 0 ? throw RestQuery.NoCursor() : list.Skip(at + 1);
    }

    private static string Decoded(string cursor) => Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : throw RestQuery.NoCursor();
}
