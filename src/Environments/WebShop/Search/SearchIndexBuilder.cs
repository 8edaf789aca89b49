using System.Runtime.InteropServices;

namespace SandQueue.Environments.WebShop.Search;

/// <summary>Takes the documents one by one, in the order of their numbers.</summary>
internal sealed class SearchIndexBuilder
{
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private readonly List<PostingList> _lists = [];
    private readonly PostingArena _postings = new();
    private readonly List<byte> _norms = [];
    private readonly Dictionary<int, int> _frequencies = [];
    private long _totalLength;
    private int _filled;

    public void Add(string text)
    {
        var terms = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
        _frequencies.Clear();
        var length = 0;
        var analysis = new EnglishAnalysis(text);
        while (analysis.TryNext(out var term))
        {
            length++;
            if (!terms.TryGetValue(term, out var number))
            {
                number = _lists.Count;
                _terms.Add(term.ToString(), number);
                var cursor = _postings.Start();
                _lists.Add(new PostingList { Start = cursor.At, End = cursor, Last = -1 });
            }

            CollectionsMarshal.GetValueRefOrAddDefault(_frequencies, number, out _)++;
        }

        foreach (var (term, frequency) in _frequencies) Append(ref CollectionsMarshal.AsSpan(_lists)[term], _norms.Count, frequency);
        _norms.Add(LengthNorm.Encode(length));
        _totalLength += length;
        if (length > 0) _filled++;
    }

    /// <param name="identifiers">Compares two documents' ids; decides between equal scores.</param>
    public SearchIndex Build(IComparer<int> identifiers)
    {
        var lists = new SearchIndex.Postings[_lists.Count];
        for (var i = 0; i < lists.Length; i++) lists[i] = new SearchIndex.Postings(_lists[i].Start, _lists[i].Count);
        return new SearchIndex(_terms, lists, _postings, [.. _norms], _filled, _totalLength, identifiers);
    }

    private void Append(ref PostingList list, int document, int frequency)
    {
        // Most terms stand once in a document: that takes a bit of the distance and no byte of its own.
        var distance = (uint)(document - list.Last) << 1;
        if (frequency == 1)
        {
            _postings.Write(ref list.End, distance | 1);
        }
        else
        {
            _postings.Write(ref list.End, distance);
            _postings.Write(ref list.End, (uint)frequency);
        }

        list.Last = document;
        list.Count++;
    }

    private struct PostingList
    {
        public int Start;
        public PostingArena.Cursor End;
        public int Last;
        public int Count;
    }
}
