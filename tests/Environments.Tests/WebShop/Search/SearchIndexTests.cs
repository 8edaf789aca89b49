using CsCheck;
using SandQueue.Environments.WebShop.Search;

namespace SandQueue.Environments.Tests.WebShop.Search;

public sealed class SearchIndexTests
{
    [Fact]
    public void The_score_is_bm25()
    {
        // 3 documents, average length 2: idf = ln(1 + 2.5 / 1.5), one occurrence in a document of length 2.
        var hits = Build("red shoe", "blue shoe", "green hat").Search("RED", 50);
        hits.Length.ShouldBe(1);
        hits[0].Score.ShouldBe((float)(Math.Log(1 + (2.5 / 1.5)) * (1 / 1.9)), 1e-6f);
    }

    [Fact]
    public void A_word_asked_for_twice_counts_twice()
    {
        var index = Build("red shoe", "blue shoe", "green hat");
        index.Search("red red", 50)[0].Score.ShouldBe(2 * index.Search("red", 50)[0].Score);
    }

    [Fact]
    public void Equal_scores_are_in_the_order_of_the_ids()
    {
        // The ids of these documents run backwards.
        Build("red shoe", "red hat", "red sock").Search("red", 2).Select(hit => hit.Document).ShouldBe([2, 1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("the of")]
    [InlineData("unknown")]
    [InlineData("...")]
    public void What_matches_nothing_finds_nothing(string query) => Build("red shoe", "").Search(query, 50).ShouldBeEmpty();

    [Fact]
    public void Long_posting_lists_come_back_whole()
    {
        Gen.Int[0, 5].List[1, 3000].Sample(counts =>
        {
            var builder = new SearchIndexBuilder();
            foreach (var count in counts) builder.Add(string.Join(' ', Enumerable.Repeat("red", count)));
            var found = builder.Build(Comparer<int>.Default).Search("red", counts.Count).Select(hit => hit.Document).Order();
            found.ShouldBe(Enumerable.Range(0, counts.Count).Where(document => counts[document] > 0));
        }, iter: 50);
    }

    private static SearchIndex Build(params string[] documents)
    {
        var builder = new SearchIndexBuilder();
        foreach (var document in documents) builder.Add(document);
        return builder.Build(Comparer<int>.Create((a, b) => b - a));
    }
}
