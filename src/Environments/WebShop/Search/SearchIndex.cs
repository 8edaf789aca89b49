using System.Buffers;
using System.Runtime.InteropServices;

namespace SandQueue.Environments.WebShop.Search;

/// <summary>
/// Ranks documents by BM25 with the arithmetic of Lucene 8 and 9 in its precision: single floats per term, a double for
/// their sum, a float for the score. Another rounding would order close documents otherwise.
/// </summary>
internal sealed class SearchIndex
{
    private const float K1 = 0.9f;
    private const float B = 0.4f;

    private readonly Dictionary<string, int> _terms;
    private readonly Postings[] _lists;
    private readonly PostingArena _postings;
    private readonly byte[] _norms;
    private readonly int _filled;
    private readonly IComparer<int> _identifiers;
    private readonly float[] _inverseNorms = new float[256];

    internal SearchIndex(
        Dictionary<string, int> terms,
        Postings[] lists,
        PostingArena postings,
        byte[] norms,
        int filled,
        long totalLength,
        IComparer<int> identifiers)
    {
        (_terms, _lists, _postings, _norms, _filled, _identifiers) = (terms, lists, postings, norms, filled, identifiers);
        var average = (float)(totalLength / (double)Math.Max(1, filled));
        for (var code = 0; code < _inverseNorms.Length; code++)
        {
            _inverseNorms[code] = 1f / (K1 * ((1 - B) + (B * LengthNorm.Decode((byte)code) / average)));
        }
    }

    public int Terms => _lists.Length;

    /// <summary>The best documents, the best first; equal scores in the order of the ids.</summary>
    public Hit[] Search(string query, int count)
    {
        var wanted = Count(query);
        if (wanted.Count == 0 || _norms.Length == 0) return [];

        var scores = ArrayPool<double>.Shared.Rent(_norms.Length);
        try
        {
            scores.AsSpan(0, _norms.Length).Clear();
            foreach (var (term, times) in wanted) AddScores(_lists[term], times, scores);
            return Best(scores.AsSpan(0, _norms.Length), count);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    private Dictionary<int, int> Count(string query)
    {
        var terms = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
        var wanted = new Dictionary<int, int>();
        var analysis = new EnglishAnalysis(query);
        while (analysis.TryNext(out var term))
        {
            if (terms.TryGetValue(term, out var number)) CollectionsMarshal.GetValueRefOrAddDefault(wanted, number, out _)++;
        }

        return wanted;
    }

    private void AddScores(Postings list, int times, double[] scores)
    {
        var idf = (float)Math.Log(1 + ((_filled - list.Count + 0.5) / (list.Count + 0.5)));
        var weight = times * idf;
        var cursor = PostingArena.Reading(list.Start);
        var document = -1;
        for (var i = 0; i < list.Count; i++)
        {
            var coded = _postings.Read(ref cursor);
            document += (int)(coded >> 1);
            var frequency = (coded & 1) == 1 ? 1f : _postings.Read(ref cursor);
            scores[document] += weight - (weight / (1f + (frequency * _inverseNorms[_norms[document]])));
        }
    }

    private Hit[] Best(ReadOnlySpan<double> scores, int count)
    {
        var worstFirst = Comparer<Hit>.Create((a, b) => -Compare(a, b));
        var best = new PriorityQueue<Hit, Hit>(count + 1, worstFirst);
        for (var document = 0; document < scores.Length; document++)
        {
            var score = (float)scores[document];
            if (score <= 0 || (best.Count == count && score < best.Peek().Score)) continue;
            var hit = new Hit(document, score);
            best.Enqueue(hit, hit);
            if (best.Count > count) best.Dequeue();
        }

        var hits = new Hit[best.Count];
        for (var i = hits.Length - 1; i >= 0; i--) hits[i] = best.Dequeue();
        return hits;
    }

    private int Compare(Hit a, Hit b)
    {
        var byScore = b.Score.CompareTo(a.Score);
        return byScore != 0 ? byScore : _identifiers.Compare(a.Document, b.Document);
    }

    internal readonly record struct Postings(int Start, int Count);

    internal readonly record struct Hit(int Document, float Score);
}
